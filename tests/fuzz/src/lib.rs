//! What the fuzz targets do with their bytes: each reader of bytes from outside, through the door
//! that the product uses. A target that returns is content; a panic, a hang or a broken law is a
//! finding.

pub mod callbacks;
pub mod queries;
pub mod quickbooks;
pub mod salesforce;
pub mod values;
pub mod wire;
