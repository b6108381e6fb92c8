import { defineConfig } from 'vite';

// Plain names: the files become part of a C++ program, which names each by its content itself.
export default defineConfig({
  build: {
    target: 'es2022',
    modulePreload: false,
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1500,
    rollupOptions: {
      output: {
        entryFileNames: 'app.js',
        chunkFileNames: '[name].js',
        assetFileNames: '[name][extname]',
        manualChunks: id => (id.includes('maplibre-gl') ? 'maplibre' : undefined),
      },
    },
  },
});
