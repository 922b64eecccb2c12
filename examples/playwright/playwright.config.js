import { defineConfig } from "@playwright/test";

/** CHROMIUM names an installed browser. Without it, Playwright's own is used: `npx playwright install chromium`. */
const executablePath = process.env.CHROMIUM;

export default defineConfig({
  use: { launchOptions: { executablePath, args: process.getuid?.() === 0 ? ["--no-sandbox"] : [] } },
});
