import { answerProcess } from "./ask-process.ts";
import { load } from "./load.ts";

answerProcess(load);
