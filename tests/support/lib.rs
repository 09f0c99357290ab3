//! Shared fixtures and worlds for every test suite.
