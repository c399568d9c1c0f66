#!/usr/bin/env bash
# Port Atlas check script. It runs on one host as an ordinary user, connects to every TCP port that
# this host is documented to connect to, sends nothing, and says which flow does not work and who
# has to act. It changes nothing here and writes no file. The documented flows are in data(), at the
# end: they are arguments in quotes, and nothing of them is ever run.
#
# Needs bash 4.4 or newer and coreutils on Linux; takes getent, ip, ss and openssl where they are.
if [ -z "${BASH_VERSION:-}" ]; then
	echo "This script needs bash 4.4 or newer. Run it as: bash $0" >&2
	exit 2
fi
set +o posix # "sh check.sh" where sh is bash
if ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] < 404)); then
	echo "This script needs bash 4.4 or newer; this is $BASH_VERSION." >&2
	exit 2
fi
set -u

ARROW='->'
case ${LC_ALL:-${LC_CTYPE:-${LANG:-}}} in *[Uu][Tt][Ff]*) ARROW='→' ;; esac
export LC_ALL=C TZ=UTC0 # messages and dates that can be told apart anywhere

# ----- what the data says

declare -A TITLE=() HOST_AT=()
HOST_ID=() HOST_NAME=() HOST_ADDR=() HOST_NET=() HOST_SIZE=()
F_ID=() F_PORT=() F_FROM=() F_ROLE=() F_TO=() F_NUMBERS=() F_TRANSPORT=() F_SCOPE=() F_NEED=()
F_CIPHER=() F_DIALS=() F_NOTE=()
S_END=() S_TITLE=() S_NUMBERS=() S_TRANSPORT=() S_SCOPE=()

add() { # ID PORT FROM ROLE TO NUMBERS TRANSPORT SCOPE REQUIREMENT ENCRYPTION DIALS NOTE: a flow
	F_ID+=("$1") F_PORT+=("$2") F_FROM+=("$3") F_ROLE+=("$4") F_TO+=("$5") F_NUMBERS+=("$6")
	F_TRANSPORT+=("$7") F_SCOPE+=("$8") F_NEED+=("$9") F_CIPHER+=("${10}") F_DIALS+=("${11}") F_NOTE+=("${12}")
}
fact() { # KIND WORD...: takes one line of the data
	local kind=$1 end to need
	shift
	case $kind in
		about) SITE=$1 RELEASE=$2 DATA=$3 GENERATOR=$4 ;;
		host) # GROUP NAMES ADDRESSES [SIZE [NETWORK]]
			HOST_AT[$1]=${#HOST_ID[@]}
			HOST_ID+=("$1") HOST_NAME+=("${2:-}") HOST_ADDR+=("${3:-}") HOST_SIZE+=("${4:-1}") HOST_NET+=("${5:-}")
			;;
		serves) # PORT TITLE NUMBERS TRANSPORT SCOPE "ROLE: GROUP..."
			TITLE[$1]=$2
			for end in $6; do
				[[ $end == *: ]] && to=${end%:} && continue
				S_END+=("$end.$to") S_TITLE+=("$2") S_NUMBERS+=("$3") S_TRANSPORT+=("$4") S_SCOPE+=("$5")
			done
			;;
		flow) # PORT NUMBERS TRANSPORT SCOPE ENCRYPTION ">LISTENER.ROLE [REQUIREMENT:] INITIATOR.ROLE..." [BEHIND [DIALS]]
			for end in $6; do
				case $end in
					'>'*) to=${end#>} need=always ;;
					*:) need=${end%:} ;;
					*) add "$1:$end>$to" "$1" "${end%%.*}" "${end#*.}" "${to%%.*}" "$2" "$3" "$4" "$need" "$5" "${8:-}" "${7:-}" ;;
				esac
			done
			;;
		never) # PORT NUMBERS TRANSPORT FROM TO RULE WHY: a flow that may not exist
			add "must-not:$6:$1:$4>$5" "$1" "$4" '' "$5" "$2" "$3" network never unknown '' "$7"
			;;
	esac
}

# ----- small helpers

note() { printf '%s\n' "$*" >&2; }
die() {
	note "${0##*/}: $*"
	exit 2
}
now() { # sets NOW, in hundredths of a second
	local up
	read -r up _ </proc/uptime
	NOW=$((10#${up/./}))
}
expand() { # PATTERN: sets EXPANDED; web[01:20].x stands for twenty
	EXPANDED=("$1")
	[[ $1 =~ ^([^[]*)\[([0-9]+):([0-9]+)\](.*)$ ]] || return 0
	local before=${BASH_REMATCH[1]} from=${BASH_REMATCH[2]} to=${BASH_REMATCH[3]} width=0 n tail number
	expand "${BASH_REMATCH[4]}"
	local tails=("${EXPANDED[@]}")
	[[ $from == 0* ]] && width=${#from}
	EXPANDED=()
	for ((n = 10#$from; n <= 10#$to; n++)); do
		printf -v number '%0*d' "$width" "$n"
		for tail in "${tails[@]}"; do EXPANDED+=("$before$number$tail"); done
	done
}
machines() { # GROUP: sets NAMES and ADDRS, one element a machine; ADDRS has all of its addresses
	local at=${HOST_AT[$1]} pattern m
	NAMES=() ADDRS=()
	if [[ ${HOST_NAME[at]} ]]; then
		expand "${HOST_NAME[at]}"
		NAMES=("${EXPANDED[@]}")
	fi
	for pattern in ${HOST_ADDR[at]}; do
		expand "$pattern"
		for m in "${!EXPANDED[@]}"; do ADDRS[m]="${ADDRS[m]:+${ADDRS[m]} }${EXPANDED[m]}"; done
	done
	for ((m = 0; m < HOST_SIZE[at]; m++)); do
		NAMES[m]=${NAMES[m]:-} ADDRS[m]=${ADDRS[m]:-}
	done
}
among() { # WORD WORD...: is the first one of the others?
	local word
	for word in "${@:2}"; do [[ $word == "$1" ]] && return; done
	return 1
}
in_network() { # ADDRESS NETWORK: IPv4 only
	local d='([0-9]+)\.' n
	d=$d$d$d'([0-9]+)'
	[[ "$1 $2" =~ ^$d\ $d/([0-9]+)$ ]] || return 1
	n=("${BASH_REMATCH[@]}")
	((((n[1] ^ n[5]) << 24 | (n[2] ^ n[6]) << 16 | (n[3] ^ n[7]) << 8 | (n[4] ^ n[8])) >> (32 - n[9]) == 0))
}

# ----- who is this host?

look_around() { # sets MY_NAMES and MY_ADDRS
	local words word full
	MY_NAMES=("${HOSTNAME,,}") MY_ADDRS=() MY_DOMAIN=
	full=$(hostname -f 2>/dev/null) || read -r _ full _ < <(getent hosts "$HOSTNAME" 2>/dev/null)
	[[ ${full,,} == *.* && ${full,,} != localhost* ]] && MY_NAMES+=("${full,,}")
	[[ ${MY_NAMES[*]} == *.* ]] && MY_DOMAIN=1
	if words=$(ip -o addr show 2>/dev/null); then
		while read -r _ _ _ word _; do
			case $word in 127.* | ::1/* | fe80:*) ;; *) MY_ADDRS+=("${word%%/*}") ;; esac
		done <<<"$words"
	else
		read -r -a MY_ADDRS < <(hostname -I 2>/dev/null)
	fi
}
matches() { # NAME ADDRESSES: is this host that machine?
	local name=${1,,} mine address
	for mine in "${MY_NAMES[@]}"; do
		# A bare host name will do where this host does not know its domain.
		[[ $name && $mine == "$name" || ! $MY_DOMAIN && $mine == "${name%%.*}" ]] && return
	done
	for address in ${2,,}; do among "$address" "${MY_ADDRS[@]}" && return; done
	return 1
}
identify() { # sets FOUND, the machines that this host may be: GROUP NUMBER
	local at m address
	FOUND=()
	for at in "${!HOST_ID[@]}"; do
		if [[ ! ${HOST_NET[at]} ]]; then
			machines "${HOST_ID[at]}"
			for m in "${!NAMES[@]}"; do
				matches "${NAMES[m]}" "${ADDRS[m]}" && FOUND+=("${HOST_ID[at]} $m")
			done
		fi
	done
	((${#FOUND[@]})) && return
	for at in "${!HOST_ID[@]}"; do
		for address in "${MY_ADDRS[@]}"; do
			if [[ ${HOST_NET[at]} ]] && in_network "$address" "${HOST_NET[at]}"; then
				FOUND+=("${HOST_ID[at]} 0")
				break
			fi
		done
	done
}
named() { # HOST: sets FOUND, the machines of that name, address or group
	local at m
	FOUND=()
	for at in "${!HOST_ID[@]}"; do
		machines "${HOST_ID[at]}"
		for m in "${!NAMES[@]}"; do
			if [[ ${NAMES[m],,} == "${1,,}" || ${NAMES[m]%%.*} == "$1" ]] || [[ " ${ADDRS[m]} " == *" $1 "* ]]; then
				FOUND+=("${HOST_ID[at]} $m")
			fi
		done
	done
	if ((${#FOUND[@]} == 0)) && [[ ${HOST_AT[$1]+is} ]]; then
		FOUND=("$1 0")
		at=${HOST_AT[$1]}
		((HOST_SIZE[at] > 1)) && FOUND=("$1 -1") # some machine of the group
	fi
}
runs_role() { # GROUP ROLE
	local i
	for i in "${!F_ID[@]}"; do [[ ${F_FROM[i]} == "$1" && ${F_ROLE[i]} == "$2" ]] && return; done
	among "$1.$2" "${S_END[@]}"
}
decide_who() { # sets ME_GROUP, ME_NUMBER, ME_NAME and OWN: is it certain that this is that host?
	local guess='none of the documented hosts' known=() group
	look_around
	identify
	known=("${FOUND[@]}")
	OWN=1
	if [[ $AS ]]; then
		named "$AS"
		((${#FOUND[@]})) || die "--as $AS: no such host at $SITE; there are ${HOST_ID[*]}"
		((${#FOUND[@]} == 1)) || die "--as $AS: could be ${FOUND[*]% *}; give its full name"
		if ((${#known[@]})) && ! among "${FOUND[0]}" "${known[@]}" "${known[@]/% */ -1}"; then
			((FORCE)) || die "this host is ${known[0]% *}, not $AS: it does not start those flows; --force tries them"
			OWN=0
		fi
	elif ((${#FOUND[@]} == 0)) && [[ $ROLE ]]; then
		for group in "${HOST_ID[@]}"; do runs_role "$group" "$ROLE" && FOUND+=("$group -1"); done
		((${#FOUND[@]})) || die "--role $ROLE: nobody has it at $SITE"
		((${#FOUND[@]} == 1)) || die "--role $ROLE: ${FOUND[*]% *} have it; say which with --as"
	fi
	if ((${#FOUND[@]} != 1)); then
		((${#FOUND[@]} > 1)) && guess="perhaps ${FOUND[*]% *}"
		die "this host (${MY_NAMES[*]}, ${MY_ADDRS[*]}) is $guess at $SITE; say which with --as: ${HOST_ID[*]}"
	fi
	ME_GROUP=${FOUND[0]% *} ME_NUMBER=${FOUND[0]#* }
	[[ ! $ROLE ]] || runs_role "$ME_GROUP" "$ROLE" || die "--role $ROLE: $ME_GROUP does not have it"
	machines "$ME_GROUP"
	ME_NAME=$ME_GROUP
	((ME_NUMBER >= 0)) && ME_NAME=${NAMES[ME_NUMBER]:-$ME_GROUP}
}

# ----- what is to be dialled

P_FLOW=() P_HOST=() P_ADDR=() P_PORT=() OUT=() WHY=() TLS_SAYS=() LEFT_OUT=0

probe() { # FLOW HOST ADDRESS NUMBERS [OUTCOME WHY]: adds one for each number
	local n first=${4%-*} last=${4#*-} i
	for ((n = first; n <= last; n++)); do
		i=${#P_FLOW[@]}
		P_FLOW+=("$1") P_HOST+=("$2") P_ADDR+=("$3") P_PORT+=("$n")
		if [[ ${5:-} ]]; then
			OUT[i]=$5 WHY[i]=$6
		fi
	done
}
collect() { # makes probes of the flows that this host starts
	local i m address name numbers
	for i in "${!F_ID[@]}"; do
		[[ ${F_FROM[i]} == "$ME_GROUP" ]] || continue
		[[ ! $ROLE || ${F_ROLE[i]} == "$ROLE" || ${F_NEED[i]} == never ]] || continue
		numbers=${F_NUMBERS[i]}
		if [[ ${F_NEED[i]} == optional ]] && ((!OPTIONAL)); then
			LEFT_OUT=$((LEFT_OUT + 1))
			continue
		elif [[ ${F_SCOPE[i]} == loopback ]]; then
			if ((OWN)); then
				probe "$i" "$ME_NAME" 127.0.0.1 "$numbers"
			else
				probe "$i" "${F_TO[i]}" 127.0.0.1 "$numbers" cannot-test 'a loopback port of another host'
			fi
			continue
		fi
		machines "${F_TO[i]}"
		if [[ ${F_DIALS[i]} ]]; then # a translated address: whoever is behind it
			NAMES=('') ADDRS=("${F_DIALS[i]}")
		fi
		for m in "${!NAMES[@]}"; do
			[[ ${F_TO[i]} == "$ME_GROUP" && $m == "$ME_NUMBER" && ! ${F_DIALS[i]} ]] && continue
			name=${NAMES[m]:-${F_TO[i]}}
			if [[ ${F_TRANSPORT[i]} == udp ]]; then
				probe "$i" "$name" "${ADDRS[m]%% *}" "$numbers" cannot-test 'UDP: no answer means nothing'
			elif [[ ${ADDRS[m]} ]]; then
				for address in ${ADDRS[m]}; do probe "$i" "$name" "$address" "$numbers"; done
			elif [[ ${NAMES[m]} ]]; then
				probe "$i" "$name" '' "$numbers" # its addresses are asked for
			else
				probe "$i" "$name" '' "$numbers" cannot-test 'no address is documented'
			fi
		done
	done
}
collect_words() { # HOST PORT... or HOST:PORT...: probes of what was asked for
	local word host='' numbers part address
	for word; do
		numbers=$word
		if [[ $word =~ ^\[([0-9A-Fa-f:.%]+)\](:([0-9,-]+))?$ ]]; then
			host=${BASH_REMATCH[1]} numbers=${BASH_REMATCH[3]:-}
		elif [[ $word =~ ^([^:]+):([0-9,-]+)$ ]]; then
			host=${BASH_REMATCH[1]} numbers=${BASH_REMATCH[2]}
		elif [[ ! $word =~ ^[0-9,-]+$ ]]; then
			host=$word numbers=''
		fi
		[[ $host =~ ^[A-Za-z0-9_][A-Za-z0-9._%:-]*$|^:[0-9A-Fa-f:.]+$ ]] || die "'$host' is no host: give HOST PORT... or HOST:PORT..."
		for part in ${numbers//,/ }; do
			if [[ ! $part =~ ^[1-9][0-9]{0,4}(-[1-9][0-9]{0,4})?$ ]] || ((${part#*-} > 65535 || ${part%-*} > ${part#*-})); then
				die "'$part' is no port from 1 to 65535"
			fi
			add "asked:$host:$part" '' '' '' "$host" "$part" tcp network asked unknown '' ''
			address=''
			[[ $host =~ ^[0-9.]+$|: ]] && address=$host
			probe "$((${#F_ID[@]} - 1))" "$host" "$address" "$part"
		done
	done
	((${#P_FLOW[@]})) || die "no port given: give HOST PORT... or HOST:PORT..."
}

# ----- programs that run side by side

KIDS=()
together() { # name|tls WORD...: asks for the addresses or the TLS of each; sets SAID, by word
	local command=$1 batch word at said
	local -A from=()
	shift
	SAID=()
	while (($#)) && [[ $STOPPED == 0 ]]; do
		batch=("${@:1:32}")
		shift $(($# < 32 ? $# : 32))
		KIDS=()
		for word in "${batch[@]}"; do
			case $command in
				name) exec {at}< <(exec timeout "$((TIMEOUT / 100 + 1))" getent ahosts "$word" 2>/dev/null) ;;
				tls) exec {at}< <(exec timeout "$((TIMEOUT / 100 + 1))" openssl s_client -connect "$word" </dev/null 2>/dev/null) ;;
			esac
			from[$word]=$at KIDS+=("$!")
		done
		for word in "${batch[@]}"; do
			at=${from[$word]}
			IFS= read -r -d '' -u "$at" said
			SAID[$word]=$said
			exec {at}<&-
		done
		KIDS=()
	done
}
declare -A SAID=()
resolve() { # gives every probe without an address one; more probes where there are more addresses
	local i name line address
	local -A names=() found=()
	for i in "${!P_FLOW[@]}"; do
		[[ ${P_ADDR[i]} || ${OUT[i]:-} ]] || names[${P_HOST[i]}]=1
	done
	((${#names[@]})) || return 0
	if ! command -v getent >/dev/null; then # bash asks for it while it dials
		for name in "${!names[@]}"; do found[$name]=$name; done
	else
		together name "${!names[@]}"
	fi
	for name in "${!names[@]}"; do
		while read -r address line; do
			[[ $line == STREAM* ]] || continue
			[[ $address == *:* && " ${MY_ADDRS[*]} " != *:* ]] && continue # it has no IPv6 here
			found[$name]+="$address "
		done <<<"${SAID[$name]:-}"
	done
	for i in "${!P_FLOW[@]}"; do
		[[ ${P_ADDR[i]} || ${OUT[i]:-} ]] && continue
		name=${P_HOST[i]}
		if [[ ! ${found[$name]:-} ]]; then
			OUT[i]=unresolved WHY[i]='the name service knows no address of it'
			continue
		fi
		for address in ${found[$name]}; do
			if [[ ! ${P_ADDR[i]} ]]; then
				P_ADDR[i]=$address
			else
				probe "${P_FLOW[i]}" "$name" "$address" "${P_PORT[i]}"
			fi
		done
	done
}

# ----- dialling: workers in a loop
# A worker is a copy of this shell that connects to one port after the other. bash says why a
# connection fails in words only, so a worker reads its own messages back through a pipe. One that
# hangs at a silent port is killed, and what it had left is shared out anew.

declare -A PID=() DUE=() TODO=()
SERIAL=0 LEFT=0 SILENT=()

work() { # PROBE...: one line into the pipe 9 for each result; the number alone is "open"
	local i text line heard=0
	trap - INT TERM HUP EXIT
	exec 4>/dev/null
	for i; do
		until true 2>&4 3<>"/dev/tcp/${P_ADDR[i]}/${P_PORT[i]}"; do
			if ((!heard)); then # the first failure: get ears, and try again
				heard=1
				exec 4<> <(:)
				echo "$i again" >&9
				continue
			fi
			text=''
			echo . >&4
			while read -r line <&4 && [[ $line != . ]]; do text+=" $line"; done
			case $text in
				*'not known'* | *'name resolution'*) line='unresolved' ;;
				*'Connection refused'*) line='refused' ;;
				*'timed out'*) line='filtered no answer' ;;
				*'Permission denied'* | *'not permitted'*) line='filtered this host itself forbids it' ;;
				*'No route to host'*) line='unreachable no route to host' ;;
				*'is unreachable'* | *'is down'* | *'Invalid argument'*) line='unreachable no route to its network' ;;
				*) line="cannot-test ${text##*: }" ;;
			esac
			echo "$i $line" >&9
			continue 2
		done
		echo "$i" >&9
	done
}
share() { # NUMBER PROBE...: starts so many workers at most
	local k at all=("${@:2}") mine
	for ((k = 0; k < $1 && k < ${#all[@]}; k++)); do
		mine=()
		for ((at = k; at < ${#all[@]}; at += $1)); do mine+=("${all[at]}"); done
		SERIAL=$((SERIAL + 1))
		work "${mine[@]}" </dev/null >/dev/null 2>&1 &
		PID[$SERIAL]=$! DUE[$SERIAL]=$((NOW + TIMEOUT)) TODO[$SERIAL]="${mine[*]} "
		disown "$!" 2>/dev/null
	done
}
tick() { # sees who got on; what those who wait or hang have left goes to others
	local serial first rest left='' free=$((PARALLEL - ${#PID[@]})) all
	now
	((NOW < END)) || STOPPED=${STOPPED/0/budget}
	for serial in "${!PID[@]}"; do
		rest=${TODO[$serial]}
		while [[ $rest && ${OUT[${rest%% *}]:-} ]]; do rest=${rest#* }; done
		first=${rest%% *}
		if [[ $first && ($rest != "${TODO[$serial]}" || ${AGAIN[first]:-}) ]]; then
			TODO[$serial]=$rest DUE[$serial]=$((NOW + TIMEOUT)) AGAIN[first]=''
			continue
		elif [[ $first ]] && ((NOW < DUE[$serial])); then
			# It waits for one answer; where there is room, the others do not wait with it.
			((free > 0 && NOW > DUE[$serial] - TIMEOUT + 5)) && left+=${rest#* } && TODO[$serial]="$first "
			continue
		elif [[ $first ]]; then
			SILENT+=("$first") KILLED[first]=1 LEFT=$((LEFT - 1)) left+=${rest#* }
		fi
		kill -9 "${PID[$serial]}" 2>/dev/null
		unset "PID[$serial]"
	done
	read -r -a all <<<"$left"
	share $((PARALLEL - ${#PID[@]})) "${all[@]}"
}
round() { # PROBE...: dials all of them; SILENT are those that did not answer in time
	local i said line='' n=0
	SILENT=() AGAIN=() KILLED=() LEFT=$#
	now
	share $((PARALLEL < 4 ? PARALLEL : 4)) "$@" # more when they have to wait
	while ((LEFT > 0)) && [[ $STOPPED == 0 ]]; do
		if IFS= read -r -t 0.05 -u 9 said; then
			line+=$said
			i=${line%% *} said=${line#* }
			line=''
			case $said in
				"$i") said=open ;;
				again) AGAIN[i]=1 && continue ;;
			esac
			[[ ${OUT[i]:-} ]] && continue
			OUT[i]=${said%% *} WHY[i]=''
			[[ $said == *' '* ]] && WHY[i]=${said#* }
			[[ ${KILLED[i]:-} ]] || LEFT=$((LEFT - 1))
			((++n % 250)) || tick
		else
			line+=$said
			tick
		fi
	done
	hush
}
hush() { # ends every child
	((${#PID[@]} + ${#KIDS[@]})) && kill -9 "${PID[@]}" "${KIDS[@]}" 2>/dev/null
	PID=() KIDS=()
}
dial() { # all probes, and the silent ones once more
	local i all=() once=()
	exec 9<> <(:)
	for i in "${!P_FLOW[@]}"; do [[ ${OUT[i]:-} ]] || all+=("$i"); done
	round "${all[@]}"
	once=("${SILENT[@]}")
	round "${once[@]}"
	for i in "${SILENT[@]}"; do
		[[ ${OUT[i]:-} ]] || { OUT[i]=filtered && WHY[i]='no answer, twice'; }
	done
	[[ $STOPPED == 0 ]] || for i in "${once[@]}"; do
		[[ ${OUT[i]:-} ]] || { OUT[i]=filtered && WHY[i]='no answer; not tried again'; }
	done
	for i in "${!P_FLOW[@]}"; do
		[[ ${OUT[i]:-} ]] && continue
		OUT[i]=cannot-test WHY[i]=interrupted
		[[ $STOPPED == budget ]] && WHY[i]='the time budget was over'
	done
	exec 9>&-
}
handshakes() { # adds protocol and end date of the certificate where TLS is documented
	local i where said end
	local -A open=()
	if ! command -v openssl >/dev/null; then
		note '--tls: there is no openssl here'
		return
	fi
	for i in "${!P_FLOW[@]}"; do
		[[ ${OUT[i]} == open && (${F_CIPHER[P_FLOW[i]]} == tls || ${F_NEED[P_FLOW[i]]} == asked) ]] || continue
		where=${P_ADDR[i]}
		[[ $where == *:* ]] && where="[$where]"
		open[$i]=$where:${P_PORT[i]}
	done
	((${#open[@]})) || return 0
	together tls "${open[@]}"
	for i in "${!open[@]}"; do
		said=${SAID[${open[$i]}]:-}
		if [[ $said =~ New,\ ([A-Za-z0-9.]+),\ Cipher ]]; then
			end=$(openssl x509 -noout -enddate 2>/dev/null <<<"$said")
			TLS_SAYS[i]="${BASH_REMATCH[1]}|${end#notAfter=}"
		else
			TLS_SAYS[i]='none|'
		fi
	done
}

# ----- what came out

judge() { # outcomes of must-not flows, and the counts
	local i
	WRONG=() OPEN=0 UNTESTED=0 UNCOUNTED=0
	for i in "${!P_FLOW[@]}"; do
		case ${F_NEED[P_FLOW[i]]}-${OUT[i]} in
			never-open) OUT[i]='open-but-forbidden' ;;
			never-refused) OUT[i]=blocked-as-expected WHY[i]='refused: a firewall rejects it, or nothing listens now' ;;
			never-filtered | never-unreachable) OUT[i]=blocked-as-expected ;;
		esac
		case ${OUT[i]} in
			open | blocked-as-expected) OPEN=$((OPEN + 1)) ;;
			cannot-test)
				case ${WHY[i]} in UDP* | 'a loopback port'*) UNCOUNTED=$((UNCOUNTED + 1)) ;; esac
				UNTESTED=$((UNTESTED + 1))
				;;
			*) WRONG+=("$i") ;;
		esac
	done
	BAD=${#WRONG[@]} STATUS=0
	((UNTESTED > UNCOUNTED || (STRICT && UNTESTED))) && STATUS=3
	((BAD)) && STATUS=1
	return 0
}
advise() { # PROBE: sets REASON, ACT (who) and ADVICE
	local where="${P_HOST[$1]}" i=${P_FLOW[$1]}
	[[ ${P_ADDR[$1]} && ${P_ADDR[$1]} != "$where" ]] && where+=" (${P_ADDR[$1]})"
	REASON=${WHY[$1]:-} ACT=none ADVICE=''
	case ${OUT[$1]} in
		open) REASON=reachable ;;
		refused)
			REASON='The path is open and nothing listens there; or a firewall rejects instead of dropping.'
			ACT=application ADVICE="start what listens on ${P_PORT[$1]}/tcp at $where"
			;;
		filtered)
			REASON="${WHY[$1]^}: most likely a firewall on the way drops it."
			ACT=network ADVICE="let ${P_PORT[$1]}/tcp through from $ME_NAME to $where"
			;;
		unreachable)
			REASON="${WHY[$1]^}: routing, or a machine that is off."
			ACT=network ADVICE="see to the route from $ME_NAME to $where"
			;;
		unresolved)
			REASON='The name has no address here.'
			ACT=network ADVICE="give ${P_HOST[$1]} an address in DNS or in the hosts file"
			;;
		open-but-forbidden)
			REASON="It is open and must not be: ${F_NOTE[i]}"
			ACT=network ADVICE="close ${P_PORT[$1]}/tcp from $ME_NAME to $where"
			;;
	esac
	[[ ${F_NEED[i]} != never && ${F_NOTE[i]} && $ACT != none ]] && ADVICE+="; behind it listens ${F_NOTE[i]}"
	return 0
}
ends() { # PROBE: sets ENDS, initiator → listener address:port
	local to=${P_HOST[$1]} address=${P_ADDR[$1]}
	[[ $address == *:* ]] && address="[$address]"
	[[ $to == "${P_ADDR[$1]}" || ! $address ]] || address="$to $address"
	ENDS="$ME_NAME $ARROW ${address:-$to}:${P_PORT[$1]}"
}
text_report() {
	local i key total=${#P_FLOW[@]} red='' green='' yellow='' plain=''
	local -A more=() shown=()
	if [[ -t 1 && -z ${NO_COLOR:-} ]]; then
		red=$'\e[1;31m' green=$'\e[1;32m' yellow=$'\e[1;33m' plain=$'\e[0m'
	fi
	printf '%s, %s ports tried in %s s\n' "${SITE:+$SITE, release $RELEASE, data $DATA: }$ME_NAME" "$((total - UNTESTED))" "$ELAPSED"
	for i in "${WRONG[@]}"; do
		key="${P_FLOW[i]} ${OUT[i]} ${WHY[i]:-}"
		more[$key]=$((${more[$key]:--1} + 1))
	done
	for i in "${WRONG[@]}"; do
		key="${P_FLOW[i]} ${OUT[i]} ${WHY[i]:-}"
		shown[$key]=$((${shown[$key]:-0} + 1))
		((${shown[$key]} > 7)) && continue
		ends "$i"
		if ((${shown[$key]} == 1)); then
			advise "$i"
			printf '\n%s%s%s  %s  %s\n  %s\n' "$red" "${OUT[i]}" "$plain" "$ENDS" "${TITLE[${F_PORT[P_FLOW[i]]:-_}]:-}" "$REASON"
			printf '  The %s team acts: %s.\n  More: %s%s\n' "$ACT" "$ADVICE" "$LINK" "${OUT[i]}"
			((${more[$key]})) && printf '  The same at %s more:\n' "${more[$key]}"
		elif ((${shown[$key]} < 7)); then
			printf '    %s\n' "$ENDS"
		else
			printf '    and so on; --format json has them all\n'
		fi
	done
	((BAD)) && echo
	for i in "${!TLS_SAYS[@]}"; do
		ends "$i"
		printf 'TLS  %s  %s\n' "$ENDS" "${TLS_SAYS[i]/|/, certificate valid until }"
	done
	untested_report
	if ((BAD)); then
		echo "$red$BAD of $total not as documented$plain"
	elif ((STATUS == 3)); then
		echo "${yellow}Nothing wrong found; $((UNTESTED - (STRICT ? 0 : UNCOUNTED))) of $total could not be tested$plain"
	elif ((total == 0)); then
		echo "${green}All well: $ME_NAME starts no flow that is to be tried$plain"
	else
		echo "${green}All well: $OPEN of $((total - UNTESTED)) ports as documented$plain"
	fi
}
untested_report() {
	local i
	local -A why=()
	for i in "${!P_FLOW[@]}"; do
		[[ ${OUT[i]} == cannot-test ]] && why[${WHY[i]}]=$((${why[${WHY[i]}]:-0} + 1))
	done
	for i in "${!why[@]}"; do printf 'Not tested: %s (%s). More: %scannot-test\n' "${why[$i]}" "$i" "$LINK"; done
	((LEFT_OUT)) && printf 'Not tried: %s optional flows (--optional tries them)\n' "$LEFT_OUT"
	return 0
}
quoted() { # TEXT: sets Q, a JSON string
	Q=${1//\\/\\\\}
	Q=${Q//\"/\\\"}
	Q="\"${Q//[[:cntrl:]]/ }\""
}
quoted_list() { # TEXT...: sets Q
	local word list=''
	for word; do
		quoted "$word"
		list+=${list:+, }$Q
	done
	Q="[$list]"
}
fields() { # NAME TEXT...: members of an object; no text is null
	while (($#)); do
		Q=null
		[[ $2 ]] && quoted "$2"
		printf '"%s": %s, ' "$1" "$Q"
		shift 2
	done
}
json_report() {
	local i f comma='' complete=true
	[[ $STOPPED == 0 ]] || complete=false
	printf '{"schema": 1, "kind": "check-results", '
	fields site "$SITE" release "$RELEASE" data "$DATA" generator "$GENERATOR" started "$STARTED"
	printf '"host": {'
	fields name "$ME_NAME" group "$ME_GROUP"
	quoted_list "${MY_NAMES[@]}"
	printf '"names": %s, ' "$Q"
	quoted_list "${MY_ADDRS[@]}"
	printf '"addresses": %s}, "seconds": %s, "complete": %s, "exit": %s, "left_out": %s, "results": [' \
		"$Q" "$ELAPSED" "$complete" "$STATUS" "$LEFT_OUT"
	for i in "${!P_FLOW[@]}"; do
		f=${P_FLOW[i]}
		advise "$i"
		printf '%s\n {"number": %s, ' "$comma" "${P_PORT[i]}"
		comma=,
		fields flow "${F_ID[f]}" port "${F_PORT[f]}" from "$ME_NAME" to "${P_HOST[i]}" address "${P_ADDR[i]}" \
			transport "${F_TRANSPORT[f]}" scope "${F_SCOPE[f]}" requirement "${F_NEED[f]}" outcome "${OUT[i]}" \
			reason "$REASON" act "$ACT" advice "$ADVICE"
		if [[ ${TLS_SAYS[i]:-} ]]; then
			quoted "${TLS_SAYS[i]#*|}"
			printf '"tls": {"protocol": "%s", "certificate_until": %s}, ' "${TLS_SAYS[i]%%|*}" "$Q"
		fi
		printf '"url": "%s%s"}' "$LINK" "${OUT[i]}"
	done
	printf '\n]}\n'
}
xml() { # TEXT: sets Q
	Q=${1//&/\&amp;}
	Q=${Q//</\&lt;}
	Q=${Q//>/\&gt;}
	Q=${Q//\"/\&quot;}
}
junit_report() {
	local i
	xml "${SITE:-check}"
	printf '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n<testsuite name="%s" tests="%s" failures="%s" skipped="%s" time="%s">\n' \
		"$Q" "${#P_FLOW[@]}" "$BAD" "$UNTESTED" "$ELAPSED"
	for i in "${!P_FLOW[@]}"; do
		advise "$i"
		ends "$i"
		xml "${F_ID[P_FLOW[i]]}"
		printf '<testcase classname="%s"' "$Q"
		xml "$ENDS"
		printf ' name="%s">' "$Q"
		xml "$REASON ${ADVICE:+The $ACT team acts: $ADVICE. }$LINK${OUT[i]}"
		case ${OUT[i]} in
			open | blocked-as-expected) ;;
			cannot-test) printf '<skipped message="%s"/>' "$Q" ;;
			*) printf '<failure type="%s" message="%s"/>' "${OUT[i]}" "$Q" ;;
		esac
		printf '</testcase>\n'
	done
	printf '</testsuite>\n</testsuites>\n'
}
tap_report() {
	local i said
	printf 'TAP version 13\n1..%s\n' "${#P_FLOW[@]}"
	for i in "${!P_FLOW[@]}"; do
		advise "$i"
		ends "$i"
		said="$((i + 1)) - ${F_ID[P_FLOW[i]]} $ENDS"
		said=${said//#/\\#}
		case ${OUT[i]} in
			open | blocked-as-expected) printf 'ok %s\n' "$said" ;;
			cannot-test) printf 'ok %s # SKIP %s\n' "$said" "$REASON" ;;
			*) printf 'not ok %s\n  ---\n  outcome: %s\n  act: %s\n  ...\n' "$said" "${OUT[i]}" "$ACT" ;;
		esac
	done
}

# ----- this host's own ports

own_ports() { # SCOPES: sets MINE, the TCP numbers that this host will serve, and LABEL
	local i n
	MINE=()
	declare -gA LABEL=()
	for i in "${!S_END[@]}"; do
		[[ ${S_END[i]} == "$ME_GROUP".* && ${S_TRANSPORT[i]} == tcp && $1 == *"${S_SCOPE[i]}"* ]] || continue
		[[ ! $ROLE || ${S_END[i]#*.} == "$ROLE" ]] || continue
		for ((n = ${S_NUMBERS[i]%-*}; n <= ${S_NUMBERS[i]#*-}; n++)); do
			[[ ${LABEL[$n]:-} ]] || MINE+=("$n")
			LABEL[$n]+="${LABEL[$n]:+, }${S_TITLE[i]}"
		done
	done
}
local_ports() { # which of them are taken, and by whom
	local said address holder n taken=0
	local -A held=()
	own_ports 'network loopback'
	if ! said=$(ss -Hltnp 2>/dev/null || netstat -ltnp 2>/dev/null); then
		note '--local needs ss or netstat; neither is here'
		exit 3
	fi
	while read -r _ _ _ address _ holder; do # ss: users:(("java",pid=7,...)); netstat: LISTEN 7/java
		if [[ $holder =~ \"([^\"]+)\",pid=([0-9]+) || $holder =~ ([0-9]+)/([^ ]+) ]]; then
			held[${address##*:}]="${BASH_REMATCH[1]}, ${BASH_REMATCH[2]}"
		elif [[ $address ]]; then
			held[${address##*:}]='a process that only root may see'
		fi
	done <<<"$said"
	for n in "${MINE[@]}"; do
		if [[ ${held[$n]:-} ]]; then
			taken=1
			printf '%-6s taken by %s; documented for %s\n' "$n" "${held[$n]}" "${LABEL[$n]}"
		else
			printf '%-6s free; documented for %s\n' "$n" "${LABEL[$n]}"
		fi
	done
	((${#MINE[@]})) || echo "$ME_NAME serves nothing."
	((taken)) && echo 'Before an installation that is a conflict; later it should be the product.'
	exit "$taken"
}
listen_python() {
	exec python3 - "$@" <<'END'
import selectors, socket, sys, time
hello, end = sys.argv[1], time.monotonic() + float(sys.argv[2])
watch = selectors.DefaultSelector()
for number in map(int, sys.argv[3:]):
	try:
		both = socket.has_dualstack_ipv6()
		family = socket.AF_INET6 if both else socket.AF_INET
		one = socket.create_server(("", number), family=family, dualstack_ipv6=both)
		watch.register(one, selectors.EVENT_READ, number)
	except OSError as error:
		print("failed", number, error.strerror, flush=True)
print("listening", len(watch.get_map()), flush=True)
while watch.get_map() and time.monotonic() < end:
	for key, _ in watch.select(1):
		try:
			other, who = key.fileobj.accept()
			print("came", key.data, who[0].replace("::ffff:", ""), flush=True)
			other.sendall(f"{hello} {key.data}\n".encode())
			other.close()
		except OSError:
			pass
END
}
listen_perl() {
	exec perl - "$@" <<'END'
use strict; use IO::Socket::INET; use IO::Select; $| = 1; $SIG{PIPE} = "IGNORE";
my ($hello, $for, @numbers) = @ARGV; my $end = time + $for; my $all = IO::Select->new; my %of;
for my $n (@numbers) {
	my $one = IO::Socket::INET->new(LocalPort => $n, Listen => 64, ReuseAddr => 1, Proto => "tcp");
	if ($one) { $all->add($one); $of{$one} = $n } else { print "failed $n $!\n" }
}
print "listening ", $all->count, "\n";
while ($all->count and time < $end) {
	for my $ready ($all->can_read(1)) {
		my $other = $ready->accept or next;
		print "came $of{$ready} ", $other->peerhost, "\n"; print $other "$hello $of{$ready}\n"; close $other;
	}
}
END
}
listen_nc() { # a process for each port; it does not say who came
	local n how=-p kids=()
	[[ $(nc -h 2>&1) == *OpenBSD* ]] && how=-n
	trap 'kill "${kids[@]}"; exit' TERM
	for n in "${@:3}"; do
		nc -lk "$how" "$n" </dev/null >/dev/null 2>&1 &
		kids+=("$!")
	done
	echo "listening $#"
	wait
}
listen() { # opens what this host will serve, and lists who came
	local word n who said="portatlas check $SITE $ME_NAME" with=''
	local -A came=()
	own_ports network
	((${#MINE[@]})) || { echo "$ME_NAME serves nothing." && exit 0; }
	for word in nc perl python3; do
		case $word in
			nc) command -v nc ;;
			perl) perl -MIO::Socket::INET -e 1 ;;
			python3) python3 -c 'import socket; socket.create_server' ;;
		esac >/dev/null 2>&1 && with=$word
	done
	case $with in
		python3) exec 8< <(listen_python "$said" "$FOR" "${MINE[@]}") ;;
		perl) exec 8< <(listen_perl "$said" "$FOR" "${MINE[@]}") ;;
		nc) exec 8< <(listen_nc "$said" "$FOR" "${MINE[@]}") ;;
		*)
			note '--listen needs python3, perl or nc; none of them is here'
			exit 3
			;;
	esac
	KIDS=("$!")
	echo "$ME_NAME listens for $FOR s with $with on: ${MINE[*]}"
	now
	END=$((NOW + FOR * 100))
	while ((NOW < END)) && [[ $STOPPED == 0 ]]; do
		if read -r -t 0.2 -u 8 word n who; then
			case $word in
				came)
					[[ ${came[$n]:-} == *" $who "* ]] || echo "$who came to $n (${LABEL[$n]})"
					[[ ${came[$n]:-} == *" $who "* ]] || came[$n]+=" $who "
					;;
				failed) echo "$n cannot be opened: ${who:-taken, or it needs root}" ;;
				*) ((n)) || break ;;
			esac
		elif (($? <= 128)); then
			break
		fi
		now
	done
	[[ $with == nc ]] && kill "${KIDS[@]}" 2>/dev/null && KIDS=()
	hush
	for n in "${MINE[@]}"; do printf '%-6s %s\n' "$n" "${came[$n]:-nobody came}"; done
	exit 0
}

# ----- the command line

usage() {
	cat <<END
Usage: bash ${0##*/} [OPTION]...${SITE:+
Tries the flows that this host starts at $SITE.}
			bash ${0##*/} [OPTION]... HOST PORT...     or HOST:PORT...  ${SITE:+with --force}

  --as HOST         this host is HOST (a name, an address or a group of the site)
  --role ROLE       only what this role starts
  --optional        optional flows too
  --strict          UDP and other hosts' loopback ports count as not tested
  --force           try what this host is not documented to start
  --tls             add the TLS protocol and the certificate's end date (needs openssl)
  --parallel N      so many at once (64)
  --timeout SECONDS for one try; a silent port is tried twice (4)
  --budget SECONDS  for the whole run (300)
  --format FORMAT   text, json, junit or tap: one document on the standard output
  --listen          open the ports that this host will serve, list who came (--for SECONDS, 600)
  --local           which ports that this host will serve are taken already, and by whom
  --version, --help

Exit status: 0 all as documented; 1 something is not; 2 wrong usage; 3 nothing wrong found, but
something could not be tested.

Examples:
  bash ${0##*/}
  bash ${0##*/} --optional --format json > results.json
  bash ${0##*/} --as agent01 --timeout 2
  bash ${0##*/} --listen --for 300
END
}
options() { # sets all settings from the arguments
	local name value
	AS='' ROLE='' FORMAT=text MODE=check FOR=600 PARALLEL=64 TIMEOUT=400 BUDGET=300
	OPTIONAL=0 STRICT=0 FORCE=0 TLS=0 WORDS=()
	while (($#)); do
		[[ $1 == --*=* ]] && set -- "${1%%=*}" "${1#*=}" "${@:2}"
		name=$1
		shift
		case $name in --as | --role | --format | --for | --parallel | --timeout | --budget)
			(($#)) || die "$name wants a value; --help has examples"
			value=$1
			shift
			;;
		esac
		case $name in
			--for | --parallel | --budget)
				[[ $value =~ ^[1-9][0-9]{0,5}$ ]] || die "$name wants a whole number from 1, not '$value'"
				;;
		esac
		case $name in
			--as | --role | --format | --for | --parallel | --budget) name=${name#--} && printf -v "${name^^}" %s "$value" ;;
			--timeout)
				[[ $value =~ ^([0-9]{1,4})(\.([0-9]{1,2}))?$ ]] || die "--timeout wants seconds, such as 4 or 0.5, not '$value'"
				value=${BASH_REMATCH[3]:-0}0
				TIMEOUT=$((10#${BASH_REMATCH[1]} * 100 + 10#${value:0:2}))
				((TIMEOUT >= 10)) || die "--timeout wants 0.1 seconds or more"
				;;
			--optional | --strict | --force | --tls) name=${name#--} && printf -v "${name^^}" 1 ;;
			--listen | --local) MODE=${name#--} ;;
			--version)
				echo "Port Atlas check script $GENERATOR${SITE:+ of $SITE, release $RELEASE}, data $DATA"
				exit 0
				;;
			-h | --help)
				usage
				exit 0
				;;
			-*) die "unknown option '$name'; --help lists them" ;;
			*) WORDS+=("$name") ;;
		esac
	done
	among "$FORMAT" text json junit tap || die "--format wants text, json, junit or tap, not '$FORMAT'"
	[[ $MODE == check || $FORMAT == text ]] || die "--$MODE has no --format $FORMAT: only text"
}
main() {
	data
	options "$@"
	STOPPED=0 LINK='/check/#outcome-'
	trap 'STOPPED=signal' INT TERM HUP
	trap hush EXIT
	printf -v STARTED '%(%Y-%m-%dT%H:%M:%SZ)T' -1
	if ((${#WORDS[@]})); then
		[[ ! $SITE ]] || ((FORCE)) || die "${WORDS[0]}: this script tries the documented flows of $SITE; --force tries others"
		look_around
		ME_NAME=${MY_NAMES[0]} ME_GROUP=''
		collect_words "${WORDS[@]}"
	elif [[ ! $SITE ]]; then
		die "give HOST PORT... or HOST:PORT...; --help has examples"
	else
		decide_who
		case $MODE in listen) listen ;; local) local_ports ;; esac
		collect
	fi
	now
	local begin=$NOW
	END=$((NOW + BUDGET * 100))
	resolve
	dial
	((TLS)) && [[ $STOPPED == 0 ]] && handshakes
	now
	printf -v ELAPSED '%d.%02d' $(((NOW - begin) / 100)) $(((NOW - begin) % 100))
	judge
	case $FORMAT in
		text) text_report ;;
		json) json_report ;;
		junit) junit_report ;;
		tap) tap_report ;;
	esac
	[[ $STOPPED == budget ]] && note "the time budget of $BUDGET s was over before everything was tried"
	[[ $STOPPED == signal ]] && note 'interrupted: these are the results so far'
	exit "$STATUS"
}

# ----- the documented flows

data() {
#@DATA@
}

main "$@"
