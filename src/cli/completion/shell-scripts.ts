export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** What a shell reads to complete the words of `testmesh`: it asks the command itself, so that nothing is known twice. */
export const SHELL_SCRIPTS: Readonly<Record<Shell, string>> = {
  bash: `# completion of testmesh for bash: source <(testmesh completion bash)
_testmesh() {
  local line="\${COMP_LINE:0:COMP_POINT}" words word prefix candidate rest quoted
  read -ra words <<< "$line"
  [[ $line == *[[:space:]] ]] && words+=("")
  word="\${words[\${#words[@]}-1]}"
  # bash replaces only what stands behind the last = or :
  prefix=""
  [[ $word == *[=:]* ]] && prefix="\${word%"\${word##*[=:]}"}"
  COMPREPLY=()
  while IFS=$'\\t' read -r candidate rest; do
    printf -v quoted %q "\${candidate#"$prefix"}"
    COMPREPLY+=("$quoted")
  done < <("\${words[0]}" completion bash -- "\${words[@]:1}" 2>/dev/null)
  if [[ \${#COMPREPLY[@]} -eq 1 && \${COMPREPLY[0]} == */ ]]; then compopt -o nospace 2>/dev/null; fi
}
complete -o default -F _testmesh testmesh
`,
  zsh: `#compdef testmesh
# completion of testmesh for zsh: source <(testmesh completion zsh), behind compinit
_testmesh() {
  local line value rest
  local -a folders others
  for line in "\${(@f)$("$words[1]" completion zsh -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    [[ -z $line ]] && continue
    value=\${line%%$'\\t'*}
    rest=\${line#*$'\\t'}
    if [[ $value == */ ]]; then folders+=("$value"); else others+=("\${value//:/\\\\:}\${rest:+:$rest}"); fi
  done
  (( $#folders )) && compadd -S '' -a folders
  (( $#others )) && _describe testmesh others
}
if [[ $funcstack[1] == _testmesh ]]; then _testmesh "$@"; else compdef _testmesh testmesh; fi
`,
  fish: `# completion of testmesh for fish: testmesh completion fish | source
function __testmesh_complete
    set -l words (commandline -opc) (commandline -ct)
    $words[1] completion fish -- $words[2..-1] 2>/dev/null
end
complete -c testmesh -f -a '(__testmesh_complete)'
`,
};
