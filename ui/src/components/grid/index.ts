export { AddFilter, GridTools } from "./bar";
export type { CellEdit, Column, RowSpan } from "./columns";
export { DataGrid, type GridHandle } from "./grid";
export type { RowOpening } from "./handle";
export type { GridSource } from "./pages";
export type { Noun } from "./selection";
export { PLAIN_VIEW, searchOf, viewOf, type GridView } from "./view";
export { useViewInAddress } from "./address";
