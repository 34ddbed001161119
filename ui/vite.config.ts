import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  plugins: [vue()],
  resolve: { alias: { '@': new URL('./src', import.meta.url).pathname } },
  build: {
    outDir: 'dist',
    // The stub page that lets `go build` work without Node lives in dist and stays there.
    emptyOutDir: false,
    chunkSizeWarningLimit: 700,
    // Small pictures may be inlined as data: images; the policy allows that and nothing else inline.
    assetsInlineLimit: (file: string) => file.endsWith('.svg'),
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'charts', test: /node_modules[\\/](echarts|zrender)[\\/]/ },
            { name: 'map', test: /node_modules[\\/](ol|rbush|quickselect)[\\/]/ },
          ],
        },
      },
    },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8080', '/healthz': 'http://127.0.0.1:8080' } },
  test: {
    environment: 'jsdom',
    include: ['src/**/*.test.ts'],
    server: { deps: { inline: ['element-plus'] } },
  },
})
