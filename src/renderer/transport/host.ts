/** What Electron's preload puts into the page; absent in a browser. */
export interface LineamentHost {
  /** Path of a dropped or chosen file on this machine. */
  pathForFile(file: File): string;
  /** The system's dialog; empty when the user cancels it. */
  openPaths(kind: 'folder' | 'files'): Promise<string[]>;
  /** Calls the listener with the id of an action chosen in the application's menu; returns how to stop. */
  onMenu(listener: (action: string) => void): () => void;
}

declare global {
  interface Window {
    readonly lineamentHost?: LineamentHost;
  }
}
