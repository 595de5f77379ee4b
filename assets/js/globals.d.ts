/** What the vendored scripts and Dash put on the window. */
interface Window {
  Arrow: any;
  deck: any;
  luma: any;
  dash_clientside?: any;
  citydeck: {applySpec(spec: any): void; state(): any; bridge(): any};
  citydeckPending?: any;
  citydeckLive: any;
}
