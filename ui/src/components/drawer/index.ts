export { Drawer, DrawerActions, DrawerSection, DrawerTitle, useDrawerWidth } from "./drawer";
