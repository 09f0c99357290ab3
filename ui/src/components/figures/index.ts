export { Figures, type FigureView } from "./figures";
