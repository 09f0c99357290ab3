export { AgingBars, AgingTable } from "./aging";
export { Bridge } from "./bridge";
export { Reasons } from "./reasons";
export { Trend } from "./trend";
