// As it comes, but for what the other rivals are given too: the same Chromium, the same arguments, the stub's address. No trace, video or screenshot is on.
const { defineConfig } = require('@playwright/test');

module.exports = defineConfig({
  testDir: '.',
  outputDir: process.env.RIVAL_OUTPUT,
  fullyParallel: true,
  reporter: 'dot',
  timeout: 120_000,
  use: {
    baseURL: process.env.STUB,
    launchOptions: { executablePath: process.env.CHROMIUM, args: JSON.parse(process.env.CHROMIUM_ARGUMENTS || '[]') },
  },
});
