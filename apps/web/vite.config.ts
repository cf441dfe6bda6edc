import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// `npm run web` serves the sources with the API of a system that runs beside it (TOM_URL).
const api = process.env['TOM_URL'] ?? 'http://127.0.0.1:8080';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  resolve: { conditions: ['@tom/source', 'module', 'browser', 'development|production'] },
  server: { host: '127.0.0.1', port: 5173, proxy: { '/api': api, '/docs': api } },
  build: {
    outDir: '../../dist/web',
    manifest: true, // what a screen loads is checked
    emptyOutDir: true,
    target: 'es2023',
    // Everything is a file of its own: the content security policy knows neither data: scripts nor fonts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 900,
  },
});
