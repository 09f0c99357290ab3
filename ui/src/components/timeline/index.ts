export { Timeline, useTimeline } from "./timeline";
