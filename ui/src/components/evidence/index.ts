export { Evidence } from "./evidence";
