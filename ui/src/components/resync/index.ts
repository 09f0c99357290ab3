export { ResyncButton, ResyncLine, useResync, type Resync } from "./resync";
