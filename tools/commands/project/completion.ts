import { defineVerb, nameOf, type Option } from "../reader/program.ts";

/** A verb and its options, as a shell completes them. */
export type CompletedVerb = { name: string; description: string; options: Record<string, Option> };

export const shells = ["bash", "zsh", "fish"] as const;
type Shell = (typeof shells)[number];

/** The verb that prints a script for a shell. `verbs` are all verbs of the program. */
export function completionVerb(verbs: () => Promise<CompletedVerb[]>) {
  return defineVerb({
    options: {},
    notes: `To use it:
  bash   eval "$(npx necid completion bash)" in ~/.bashrc
  zsh    eval "$(npx necid completion zsh)" in ~/.zshrc, after compinit
  fish   npx necid completion fish > ~/.config/fish/completions/necid.fish`,
    async run({ operands: [name] }, { stdout, stderr }) {
      const shell = shells.find((one) => one === name);
      if (!shell) {
        stderr(`There is no completion for ${JSON.stringify(name)}. Name one of ${shells.join(", ")}.\n`);
        return 2;
      }
      stdout(scripts[shell](await verbs()));
      return 0;
    },
  });
}

const scripts: Record<Shell, (verbs: CompletedVerb[]) => string> = {
  bash: (verbs) => `_necid() {
  local word="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" verb="\${COMP_WORDS[1]}"
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${[...verbs.map(({ name }) => name), "help"].join(" ")}" -- "$word"))
    return
  fi
  case "$verb $previous" in
${verbs.flatMap(choiceRows).join("\n")}
  esac
  case "$verb" in
${verbs.map(({ name, options }) => `    ${name}) COMPREPLY=($(compgen -W "${flags(options).join(" ")}" -- "$word")) ;;`).join("\n")}
  esac
}
complete -o default -F _necid necid
`,
  zsh: (verbs) => `autoload -U +X bashcompinit && bashcompinit
${scripts.bash(verbs)}`,
  fish: (verbs) =>
    [
      "complete -c necid -f",
      ...verbs.map(
        ({ name, description }) =>
          `complete -c necid -n __fish_use_subcommand -a ${name} -d ${quoted(description)}`,
      ),
      ...verbs.flatMap(({ name, options }) =>
        Object.entries(options).map(([property, { description, argument, choices }]) =>
          [
            `complete -c necid -n ${quoted(`__fish_seen_subcommand_from ${name}`)} -l ${nameOf(property)}`,
            ...(argument === undefined ? [] : choices ? [`-x -a ${quoted(choices.join(" "))}`] : ["-r -F"]),
            `-d ${quoted(description)}`,
          ].join(" "),
        ),
      ),
      "",
    ].join("\n"),
};

function choiceRows({ name, options }: CompletedVerb): string[] {
  return Object.entries(options).flatMap(([property, { argument, choices }]) => {
    if (argument === undefined) return [];
    const words = choices ? `COMPREPLY=($(compgen -W "${choices.join(" ")}" -- "$word"))` : "COMPREPLY=()";
    return [`    "${name} --${nameOf(property)}") ${words}; return ;;`];
  });
}

function flags(options: Record<string, Option>): string[] {
  return [...Object.keys(options).map((property) => `--${nameOf(property)}`), "--help"];
}

function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
