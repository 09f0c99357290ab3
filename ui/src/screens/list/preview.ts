import "../../api/types";

// Opens a record in the browser. Deleted when the generated types have it.
declare module "../../api/types" {
  interface Params {
    open_link: { link: string };
  }
  interface Reply {
    open_link: Receipt;
  }
}
