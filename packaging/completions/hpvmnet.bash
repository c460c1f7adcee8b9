# bash completion for hpvmnet and its sisters. The program itself knows what could follow; names of
# vswitches, ports and guests come from the daemon, if it answers at once.
_hpvmnet() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ $line == :files ]]; then
      compopt -o default
    else
      COMPREPLY+=("${line%%$'\t'*}")
    fi
  done < <(hpvmnet complete -- "${COMP_WORDS[@]:0:COMP_CWORD+1}" 2>/dev/null)
}
complete -F _hpvmnet hpvmnet hpvmclone hpvmcreate hpvmmodify hpvmremove hpvmstatus
