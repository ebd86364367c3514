// One script for each kind of page. Entries keep their names, so that templates can name them;
// what they share is hashed.
import { defineConfig } from "vite";

export default defineConfig({
  base: "/static/monitor/built/",
  publicDir: false,
  build: {
    outDir: "../static/monitor/built",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    manifest: true, // read by monitor/submit/offline.py
    rolldownOptions: {
      input: {
        page: "src/page.ts",
        incident: "src/incident.ts",
        queue: "src/queue.ts",
        map: "src/map.ts",
        submit: "src/submit.ts",
        sw: "src/sw.ts",
      },
      output: {
        entryFileNames: "[name].js",
        chunkFileNames: "chunks/[name]-[hash].js",
        assetFileNames: "[name][extname]",
      },
    },
  },
});
