import { serveProcess } from "./call-process.ts";
import { load } from "./load.ts";

serveProcess(load);
