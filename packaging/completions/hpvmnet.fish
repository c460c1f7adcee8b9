# fish completion for hpvmnet and its sisters, see hpvmnet.bash.
function __hpvmnet_complete
    set -l current (commandline -ct)
    for line in (hpvmnet complete -- (commandline -opc) "$current" 2>/dev/null)
        if test "$line" = :files
            __fish_complete_path "$current"
        else
            echo $line
        end
    end
end
for name in hpvmnet hpvmclone hpvmcreate hpvmmodify hpvmremove hpvmstatus
    complete -c $name -f -a '(__hpvmnet_complete)'
end
