#!/usr/bin/env bash
# Port Atlas check script: tries the documented flows that start at this host, and says which of
# them does not work and who has to act. It runs as an ordinary user, sends nothing over what it
# connects, changes nothing here and writes no file. What it does, in this order (see main):
#
#   1. Who am I?        this host's names and addresses against the documented hosts
#   2. What to dial?    the flows that this host starts, each to the address that it dials
#   3. Dial             a few copies of this shell connect, a silent port twice
#   4. Judge            what it means, and who has to act; then the report
#
# After that come the dull parts: options, reading the data, other formats, --local, --listen. The
# documented hosts and flows are in data(), at the end: quoted words, and nothing of them is run.
# Needs bash 4.4 and coreutils on Linux; takes getent, ip, ss and openssl where they are.
if [ -z "${BASH_VERSION:-}" ]; then
	echo "This script needs bash 4.4 or newer. Run it as: bash $0" >&2
	exit 2
fi
set +o posix # "sh check.sh" where sh is bash
if ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] < 404)); then
	echo "This script needs bash 4.4 or newer; this is $BASH_VERSION." >&2
	exit 2
fi
set -u -f # an unknown name is an error; a * in a text is only a *

ARROW='->'
case ${LC_ALL:-${LC_CTYPE:-${LANG:-}}} in *[Uu][Tt][Ff]*) ARROW='→' ;; esac
export LC_ALL=C TZ=UTC0 # messages and dates that can be told apart anywhere

main() {
	data
	options "$@"
	trap 'STOPPED=signal; end KIDS' INT TERM HUP
	trap 'end KIDS; end PID; end CLOCK' EXIT
	printf -v STARTED '%(%Y-%m-%dT%H:%M:%SZ)T' -1
	now
	BEGIN=$NOW END=$((NOW + BUDGET * 100))
	look_around
	if ((${#WORDS[@]})); then asked_for "${WORDS[@]}"; else who_am_i; fi
	case $MODE in local) local_ports ;; listen) listen ;; esac # they end here
	what_to_dial
	find_addresses
	dial
	((WITH_TLS)) && handshakes
	judge
	case $FORMAT in text) text_report ;; json) json_report ;; junit) junit_report ;; tap) tap_report ;; esac
	[[ $STOPPED == budget ]] && note "the time budget of $BUDGET s was over before everything was tried"
	[[ $STOPPED == signal ]] && note 'interrupted: these are the results so far'
	exit "$STATUS"
}

# ----- 1. Who am I?

look_around() { # sets MY_NAMES and MY_ADDRS
	local word full
	MY_NAMES=("${HOSTNAME,,}") MY_ADDRS=()
	full=$(timeout 3 hostname -f 2>/dev/null) || read -r _ full _ < <(timeout 3 getent hosts "$HOSTNAME")
	[[ ${full,,} == *.* && ${full,,} != localhost* ]] && MY_NAMES+=("${full,,}")
	while read -r _ _ _ word _; do
		case $word in '' | 127.* | ::1/* | fe80:*) ;; *) MY_ADDRS+=("${word%/*}") ;; esac
	done < <(ip -o addr show 2>/dev/null)
	((${#MY_ADDRS[@]})) || read -r -a MY_ADDRS < <(hostname -I 2>/dev/null)
}
find_machines() { # NAME-OR-ADDRESS...: sets FOUND, the documented machines, as GROUP=NUMBER
	local word machine
	FOUND=()
	for word; do
		for machine in ${IS[${word,,}]:-}; do among "$machine" "${FOUND[@]}" || FOUND+=("$machine"); done
	done
}
who_am_i() { # sets ME_GROUP, ME (which machine of it; none: any) and ME_NAME; OWN: we run on it
	local words=("${MY_NAMES[@]}" "${MY_ADDRS[@]}") known guess='none of the documented hosts' group address
	# A bare host name will do where this host does not know its domain.
	[[ ${MY_NAMES[*]} == *.* ]] || words+=("short:$HOSTNAME")
	find_machines "${words[@]}"
	((${#FOUND[@]})) || for group in "${!NETWORK[@]}"; do
		for address in "${MY_ADDRS[@]}"; do in_network "$address" "${NETWORK[$group]}" && any_of "$group" && break; done
	done
	known=("${FOUND[@]}") OWN=1
	if [[ $AS ]]; then
		find_machines "$AS"
		((${#FOUND[@]})) || find_machines "short:$AS"
		((${#FOUND[@]})) || ! among "$AS" "${GROUP[@]}" || any_of "$AS"
		((${#FOUND[@]})) || die "--as $AS: no such host at $SITE; there are ${GROUP[*]}"
		((${#FOUND[@]} == 1)) || die "--as $AS: could be ${FOUND[*]%=*}; give its full name"
		if ((${#known[@]})) && ! among "${FOUND[0]}" "${known[@]}" "${known[@]/%=*/=}"; then
			((FORCE)) || die "this host is ${known[0]%=*}, not $AS: it does not start those flows; --force tries them"
			OWN=0
		fi
	elif ((${#FOUND[@]} == 0)) && [[ $ROLE ]]; then
		for group in "${GROUP[@]}"; do runs_role "$group" "$ROLE" && any_of "$group"; done
		((${#FOUND[@]})) || die "--role $ROLE: nobody has it at $SITE"
		((${#FOUND[@]} == 1)) || die "--role $ROLE: ${FOUND[*]%=*} have it; say which with --as"
	fi
	if ((${#FOUND[@]} != 1)); then
		((${#FOUND[@]})) && guess="perhaps ${FOUND[*]%=*}"
		die "this host (${MY_NAMES[*]}, ${MY_ADDRS[*]}) is $guess at $SITE; say which with --as: ${GROUP[*]}"
	fi
	ME_GROUP=${FOUND[0]%=*} ME=${FOUND[0]#*=}
	[[ ! $ROLE ]] || runs_role "$ME_GROUP" "$ROLE" || die "--role $ROLE: $ME_GROUP does not have it"
	ME_NAME=$ME_GROUP
	[[ $ME ]] && ME_NAME=${M_NAME[ME]:-$ME_GROUP}
}
any_of() { # GROUP: adds it to FOUND; of several machines it is not known which
	((${SIZE[$1]} == 1)) && FOUND+=("$1=${FIRST[$1]}") || FOUND+=("$1=")
}
runs_role() { # GROUP ROLE
	local i
	for i in "${!F_ID[@]}"; do [[ ${F_FROM[i]} == "$1" && ${F_ROLE[i]} == "$2" ]] && return; done
	among "$1.$2" "${S_END[@]}"
}

# ----- 2. What to dial?

P_FLOW=() P_HOST=() P_ADDR=() P_PORT=() UNTRIED=() LEFT_OUT=0
declare -A NAMELESS=() SAID=() SILENT=()

what_to_dial() { # makes probes of the flows that this host starts
	local i m
	for i in "${!F_ID[@]}"; do
		[[ ${F_FROM[i]} == "$ME_GROUP" ]] || continue
		[[ ! $ROLE || ${F_ROLE[i]} == "$ROLE" || ${F_NEED[i]} == never ]] || continue
		if [[ ${F_NEED[i]} == optional ]] && ((!OPTIONAL)); then
			LEFT_OUT=$((LEFT_OUT + 1))
		elif [[ ${F_NEED[i]} == asked ]]; then
			probe "$i" "${F_TO[i]}" "${F_DIALS[i]}"
		elif [[ ${F_SCOPE[i]} == loopback ]]; then
			if ((OWN)); then
				probe "$i" "$ME_NAME" 127.0.0.1
			else
				probe "$i" "${F_TO[i]}" 127.0.0.1 'a loopback port of another host'
			fi
		elif [[ ${F_DIALS[i]} ]]; then # a load balancer's or a translated address
			one_end "$i" "${F_TO[i]}" "${F_DIALS[i]}"
		else # every machine that listens, but never this one
			for ((m = FIRST[${F_TO[i]}]; m < FIRST[${F_TO[i]}] + SIZE[${F_TO[i]}]; m++)); do
				[[ $m == "$ME" ]] || one_end "$i" "${M_NAME[m]:-${F_TO[i]}}" "${M_ADDR[m]}"
			done
		fi
	done
}
one_end() { # FLOW HOST ADDRESSES
	if [[ ${F_TRANSPORT[$1]} == udp ]]; then
		probe "$1" "$2" "${3%% *}" 'UDP: no answer means nothing'
	elif [[ ! $3 && $2 == "${F_TO[$1]}" ]]; then
		probe "$1" "$2" '' 'no address is documented'
	else
		probe "$@"
	fi
}
probe() { # FLOW HOST ADDRESSES [WHY-NOT [NUMBERS]]: one for each address and number; with a WHY-NOT it is not dialled
	local numbers=${5:-${F_NUMBERS[$1]}} address n i=${#P_FLOW[@]}
	[[ $3 || ${4:-} ]] || NAMELESS[$2]=1
	for address in ${3:-none}; do
		for ((n = ${numbers%-*}; n <= ${numbers#*-}; n++, i++)); do
			P_FLOW[i]=$1 P_HOST[i]=$2 P_ADDR[i]=${address#none} P_PORT[i]=$n
			[[ ${4:-} ]] && UNTRIED[i]=$4
		done
	done
	return 0
}
find_addresses() { # gives each probe without an address all addresses of its name
	local i line name IFS=$' \n'
	local -A found=()
	((${#NAMELESS[@]})) || return 0
	command -v getent >/dev/null && side_by_side name "${!NAMELESS[@]}"
	for name in "${!NAMELESS[@]}"; do
		IFS=$'\n'
		for line in ${SAID[$name]:-}; do
			[[ $line != *STREAM* || $line == *:* && " ${MY_ADDRS[*]} " != *:* ]] || found[$name]+="${line%% *} "
		done
		command -v getent >/dev/null || found[$name]=$name # bash asks while it dials
	done
	IFS=' '
	for i in "${!P_FLOW[@]}"; do
		[[ ${P_ADDR[i]} || ${UNTRIED[i]:-} ]] && continue
		for line in ${found[${P_HOST[i]}]:-}; do
			if [[ ${P_ADDR[i]} ]]; then
				probe "${P_FLOW[i]}" "${P_HOST[i]}" "$line" '' "${P_PORT[i]}"
			else
				P_ADDR[i]=$line
			fi
		done
	done
}
side_by_side() { # name|tls WORD...: asks for the addresses or the TLS of each, 32 at a time; sets SAID
	local kind=$1 word at said wait=$((TIMEOUT / 100 + 1))
	local -A pipe=()
	shift
	while (($#)) && [[ ! $STOPPED ]]; do
		for word in "${@:1:32}"; do
			case $kind in
				name) exec {at}< <(exec timeout "$wait" getent ahosts "$word" 2>/dev/null) ;;
				tls) exec {at}< <(exec timeout "$wait" openssl s_client -connect "$word" </dev/null 2>/dev/null) ;;
			esac
			pipe[$word]=$at KIDS+=("$!")
		done
		for word in "${@:1:32}"; do
			at=${pipe[$word]}
			IFS= read -r -d '' -u "$at" said
			SAID[$word]=$said
			exec {at}<&-
		done
		KIDS=()
		shift $(($# < 32 ? $# : 32))
	done
}

# ----- 3. Dial
# A worker is a copy of this shell that takes one target after the other from a queue, says so, and
# connects. Why that fails bash itself says, in a line that ends as ours does: "/dev/tcp/ADDRESS/PORT:
# Connection refused". All lines come through one pipe. Who hangs at a silent port is killed, and
# another one started. `read -N` takes hundreds of lines at once, but waits until it has all that it
# was asked for: so the clock, and each worker at its end, fill the pipe up with empty lines.

declare -A SINCE=() AT=()
PID=() KIDS=() CLOCK=() TARGETS=() WORKERS=0 NOT_BEGUN=0 TICKS=0
printf -v FILL '%4000s' ''
FILL=${FILL// /$'\n'}

work() { # NUMBER
	local i
	while IFS= read -r -N 6 -u 8 i; do
		echo "+$1 ${TARGETS[i]}" || exit
		true 3<>"/dev/tcp/${TARGETS[i]}" && echo "/dev/tcp/${TARGETS[i]}: open"
	done
	printf -- '-%s\n%s' "$1" "$FILL"
}
clock() { # a tick 40 times a second, until nobody listens
	trap '' INT TERM HUP
	exec 3<> <(:)
	until read -r -t 0.025 -u 3; do printf 'tick\n%s' "$FILL" || exit; done
}
dial() { # sets SAID and SILENT of every target, ADDRESS/PORT
	local i target left
	local -A seen=()
	for i in "${!P_FLOW[@]}"; do
		target=${P_ADDR[i]}/${P_PORT[i]}
		[[ $target == /* || ${UNTRIED[i]:-} || ${seen[$target]:-} ]] || TARGETS+=("$target")
		seen[$target]=1
	done
	exec 5<> <(:) 6</dev/fd/5 7>/dev/fd/5 5>&- # a pipe: 6 is its end to read, 7 the one to write
	clock 6<&- >&7 2>/dev/null &
	CLOCK=("$!")
	disown "$!"
	while ((${#TARGETS[@]})) && [[ ! $STOPPED ]]; do # twice, or once more where a kill hit the wrong one
		round
		left=()
		for target in "${TARGETS[@]}"; do
			[[ ${SAID[$target]:-} ]] || ((${SILENT[$target]:-0} > 1)) || left+=("$target")
		done
		TARGETS=("${left[@]}")
	done
	end PID
	for ((i = TICKS + 2; TICKS < i && ${#STOPPED}; )); do listen_in; done # what they said last
	end CLOCK
}
round() { # dials all TARGETS once
	NOT_BEGUN=${#TARGETS[@]}
	exec 8< <(printf '%6d' "${!TARGETS[@]}")
	start
	while ((${#PID[@]})) && [[ ! $STOPPED ]]; do listen_in; done
	exec 8<&-
}
start() { # starts workers up to the number WANTED, if there is something to do for them
	local most=$NOT_BEGUN
	[[ $STOPPED ]] && return
	while ((${#PID[@]} < WANTED && most-- > 0)); do
		WORKERS=$((WORKERS + 1))
		work "$WORKERS" 6<&- 3>&- </dev/null >&7 2>&1 &
		PID[WORKERS]=$! SINCE[$WORKERS]=$NOW AT[$WORKERS]=''
		disown "$!"
	done
}
listen_in() { # hears what workers and clock say
	local text tail='' line IFS=$'\n'
	read -r -N 4000 -u 6 text
	[[ ${text: -1} == "$IFS" ]] || read -r -u 6 tail # of a line that was cut
	for line in $text$tail; do
		case $line in
			+*) line=${line#+} AT[${line%% *}]=${line#* } SINCE[${line%% *}]=$NOW NOT_BEGUN=$((NOT_BEGUN - 1)) ;;
			*/dev/tcp/*) line=${line##*/dev/tcp/} SAID[${line%%: *}]=${line#*: } ;;
			-*) unset "PID[${line#-}]" ;;
			tick) tick ;;
		esac
	done
}
tick() { # kills who hangs; starts others, more each time while there is more to do
	local w
	TICKS=$((TICKS + 1))
	now
	((NOW < END)) || STOPPED=${STOPPED:-budget}
	for w in "${!PID[@]}"; do
		((NOW < SINCE[$w] + TIMEOUT + 3)) || [[ ${SAID[${AT[$w]:-/}]:-} ]] && continue
		kill -9 "${PID[w]}" 2>/dev/null
		unset "PID[w]"
		[[ ${AT[$w]} ]] && SILENT[${AT[$w]}]=$((${SILENT[${AT[$w]}]:-0} + 1))
	done
	((WANTED = WANTED * 2 < PARALLEL ? WANTED * 2 : PARALLEL))
	start
}
end() { # PID|KIDS: ends those children
	local -n children=$1
	((${#children[@]})) && kill -9 "${children[@]}" 2>/dev/null
	children=()
}
handshakes() { # sets TLS, "protocol|end of the certificate", where TLS is documented or a port was asked for
	local i said where=() end
	command -v openssl >/dev/null || { note '--tls: there is no openssl here' && return; }
	for i in "${!P_FLOW[@]}"; do
		[[ ${F_CIPHER[P_FLOW[i]]} == tls && ${SAID[${P_ADDR[i]}/${P_PORT[i]}]:-} == open ]] || continue
		where[i]=${P_ADDR[i]}:${P_PORT[i]}
		[[ ${P_ADDR[i]} == *:* ]] && where[i]="[${P_ADDR[i]}]:${P_PORT[i]}"
	done
	side_by_side tls "${where[@]}"
	for i in "${!where[@]}"; do
		said=${SAID[${where[i]}]:-} TLS[i]='none|'
		[[ $said =~ New,\ ([A-Za-z0-9.]+),\ Cipher ]] || continue
		end=$(printf '%s' "$said" | openssl x509 -noout -enddate 2>/dev/null)
		TLS[i]="${BASH_REMATCH[1]}|${end#notAfter=}"
	done
}

# ----- 4. Judge

OUT=() WHY=() TLS=() WRONG=() OPEN=0 UNTESTED=0 UNCOUNTED=0 STATUS=0
DROPS='most likely a firewall on the way, or on the listener, drops it.'
AWAY='routing, a machine that is off, or a firewall that says so.'

judge() { # sets the outcome of every probe, the likely reason, and the counts
	local i target said
	now
	printf -v ELAPSED '%d.%02d' $(((NOW - BEGIN) / 100)) $(((NOW - BEGIN) % 100))
	for i in "${!P_FLOW[@]}"; do
		target=${P_ADDR[i]}/${P_PORT[i]}
		said=${UNTRIED[i]:+not tried}${SAID[$target]:-}
		case $said in
			open) OUT[i]=open WHY[i]=reachable ;;
			*refused) OUT[i]=refused WHY[i]='The host answers, but nothing listens there; a firewall that rejects looks the same.' ;;
			*'timed out') OUT[i]=filtered WHY[i]="No answer: $DROPS" ;;
			*denied | *'not permitted') OUT[i]=filtered WHY[i]='This host itself forbids it, by a firewall of its own.' ;;
			'No route to host' | *'is down') OUT[i]=unreachable WHY[i]="No route to host: $AWAY" ;;
			*'is unreachable' | 'Invalid argument') OUT[i]=unreachable WHY[i]="No route to its network: $AWAY" ;;
			'not tried') OUT[i]=cannot-test WHY[i]=${UNTRIED[i]} ;;
			'')
				if [[ $target == /* ]]; then
					OUT[i]=unresolved WHY[i]='The name has no address, as this host sees it.'
				elif ((${SILENT[$target]:-0})); then
					OUT[i]=filtered WHY[i]="No answer, twice: $DROPS"
					((SILENT[$target] == 1)) && WHY[i]="No answer, and not tried again: $DROPS"
				else
					OUT[i]=cannot-test WHY[i]=${STOPPED/signal/interrupted} WHY[i]=${WHY[i]/budget/the time budget was over}
				fi
				;;
			*) OUT[i]=cannot-test WHY[i]=$said ;;
		esac
		if [[ ${F_NEED[P_FLOW[i]]} == never ]]; then
			case ${OUT[i]} in
				open) OUT[i]=open-but-forbidden WHY[i]="It is open and must not be: ${F_NOTE[P_FLOW[i]]}" ;;
				refused | filtered | unreachable) OUT[i]=blocked-as-expected ;;
			esac
		fi
		case ${OUT[i]} in
			open | blocked-as-expected) OPEN=$((OPEN + 1)) ;;
			cannot-test)
				UNTESTED=$((UNTESTED + 1))
				case ${WHY[i]} in UDP* | 'a loopback port'*) UNCOUNTED=$((UNCOUNTED + 1)) ;; esac
				;;
			*) WRONG+=("$i") ;;
		esac
	done
	((STRICT)) && UNCOUNTED=0
	((UNTESTED > UNCOUNTED)) && STATUS=3
	((${#WRONG[@]})) && STATUS=1
	return 0
}
advise() { # PROBE: sets ACT (the team that has to act), ADVICE and ENDS (initiator → listener)
	local i=${P_FLOW[$1]} where=${P_HOST[$1]} address=${P_ADDR[$1]} port
	port=${P_PORT[$1]}/${F_TRANSPORT[i]} ACT=network ADVICE=''
	[[ $address == *:* ]] && address="[$address]"
	[[ $where == "${P_ADDR[$1]}" || ! $address ]] && ENDS=${address:-$where} || ENDS="$where $address"
	ENDS="$ME_NAME $ARROW $ENDS:${P_PORT[$1]}"
	[[ $where == "${P_ADDR[$1]}" || ! $address ]] || where+=" (${P_ADDR[$1]})"
	case ${OUT[$1]} in
		refused) ACT=application ADVICE="start what listens on $port at $where" ;;
		filtered) ADVICE="let $port through from $ME_NAME to $where" ;;
		unreachable) ADVICE="see to the route from $ME_NAME to $where, or to the machine" ;;
		unresolved) ADVICE="enter $where in DNS or in the hosts file" ;;
		open-but-forbidden) ADVICE="close $port from $ME_NAME to $where" ;;
		*) ACT=none ;;
	esac
	[[ ${F_NEED[i]} != never && ${F_NOTE[i]} && $ACT != none ]] && ADVICE+="; behind it listens ${F_NOTE[i]}"
	return 0
}
text_report() { # the sum first; then a paragraph for each wrong flow; then what was not tried
	local i n key all=${#P_FLOW[@]} red='' green='' yellow='' plain='' order=() sum
	local -A like=() why=()
	[[ -t 1 && -z ${NO_COLOR:-} ]] && red=$'\e[1;31m' green=$'\e[1;32m' yellow=$'\e[1;33m' plain=$'\e[0m'
	case $STATUS in
		0) sum="${green}All well: $ME_NAME, $OPEN of $((all - UNTESTED)) ports as documented" ;;
		1) sum="${red}Not well: $ME_NAME, ${#WRONG[@]} of $all ports not as documented" ;;
		3) sum="${yellow}Nothing wrong found: $ME_NAME, but $((UNTESTED - UNCOUNTED)) of $all ports could not be tested" ;;
	esac
	((all)) || sum="${green}All well: $ME_NAME starts no flow that is to be tried"
	printf '%s%s\n%s%s s\n' "$sum" "$plain" "${SITE:+$SITE, release $RELEASE, data $DATA; }" "$ELAPSED"
	for i in "${WRONG[@]}"; do
		key="${P_FLOW[i]} ${OUT[i]} ${WHY[i]}"
		[[ ${like[$key]:-} ]] || order+=("$key")
		like[$key]+=" $i"
	done
	for key in "${order[@]}"; do
		n=0
		for i in ${like[$key]}; do
			advise "$i"
			case $((n++)) in
				0)
					printf '\n%s%s%s  %s  %s\n' "$red" "${OUT[i]}" "$plain" "$ENDS" "${TITLE[${F_PORT[P_FLOW[i]]:-_}]:-}"
					printf '  %s\n  The %s team acts: %s.\n  More: %s%s\n' "${WHY[i]}" "$ACT" "$ADVICE" "$LINK" "${OUT[i]}"
					;;
				1) printf '  The same:\n    %s\n' "$ENDS" ;;
				[2-6]) printf '    %s\n' "$ENDS" ;;
				*) echo '    and more; --format json has them all' && break ;;
			esac
		done
	done
	((${#WRONG[@]})) && echo
	for i in "${!TLS[@]}"; do
		advise "$i"
		printf 'TLS  %s  %s\n' "$ENDS" "${TLS[i]/|/, certificate valid until }"
	done
	for i in "${!P_FLOW[@]}"; do [[ ${OUT[i]} == cannot-test ]] && why[${WHY[i]}]=$((${why[${WHY[i]}]:-0} + 1)); done
	for key in "${!why[@]}"; do printf 'Not tested: %s (%s). More: %scannot-test\n' "${why[$key]}" "$key" "$LINK"; done
	((LEFT_OUT)) && printf 'Not tried: %s optional flows (--optional tries them)\n' "$LEFT_OUT"
	return 0
}

# ----- options

usage() {
	local me=${0##*/}
	printf '%s\n' "Usage: bash $me [OPTION]..." \
		"       bash $me [OPTION]... HOST PORT...     or HOST:PORT...${SITE:+     (with --force)}" '' \
		"${SITE:+Tries the flows that this host starts at $SITE.
}  --as HOST         this host is HOST (a name, an address or a group of the site)
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
  --version, --help" '' \
		'Exit status: 0 all as documented; 1 something is not; 2 wrong usage; 3 nothing wrong found, but' \
		'something could not be tested.' '' \
		'Examples:' "  bash $me" "  bash $me --optional --format json > results.json" \
		"  bash $me --as agent01 --timeout 2" "  bash $me --listen --for 300"
}
options() { # sets all settings from the arguments
	local value
	AS='' ROLE='' FORMAT=text MODE=check FOR=600 PARALLEL=64 TIMEOUT=4 BUDGET=300
	OPTIONAL=0 STRICT=0 FORCE=0 WITH_TLS=0 WORDS=() STOPPED=''
	while (($#)); do
		[[ $1 == --*=* ]] && set -- "${1%%=*}" "${1#*=}" "${@:2}"
		case $1 in
			--as | --role | --format | --for | --parallel | --timeout | --budget)
				(($# > 1)) || die "$1 wants a value; --help has examples"
				value=$1 && shift
				case $value in
					--for | --parallel | --budget) [[ $1 =~ ^[1-9][0-9]{0,5}$ ]] || die "$value wants a whole number from 1, not '$1'" ;;
					--timeout) [[ $1 =~ ^[0-9]{1,4}(\.[0-9]{1,2})?$ ]] || die "--timeout wants seconds, such as 4 or 0.5, not '$1'" ;;
				esac
				value=${value#--} && printf -v "${value^^}" %s "$1"
				;;
			--optional) OPTIONAL=1 ;;
			--strict) STRICT=1 ;;
			--force) FORCE=1 ;;
			--tls) WITH_TLS=1 ;;
			--listen | --local) MODE=${1#--} ;;
			--version) echo "Port Atlas check script $GENERATOR${SITE:+ of $SITE, release $RELEASE}, data $DATA" && exit ;;
			-h | --help) usage && exit ;;
			-*) die "unknown option '$1'; --help lists them" ;;
			*) WORDS+=("$1") ;;
		esac
		shift
	done
	among "$FORMAT" text json junit tap || die "--format wants text, json, junit or tap, not '$FORMAT'"
	[[ $MODE == check || $FORMAT == text || $FORMAT == json ]] || die "--$MODE has no --format $FORMAT: text or json"
	[[ ! $SITE || ${#WORDS[@]} == 0 ]] || ((FORCE)) ||
		die "${WORDS[0]}: this script tries the documented flows of $SITE; --force tries others"
	[[ $SITE || ${#WORDS[@]} != 0 ]] || die 'give HOST PORT... or HOST:PORT...; --help has examples'
	[[ $TIMEOUT == *.* ]] || TIMEOUT+=.
	value=${TIMEOUT#*.}00
	TIMEOUT=$((10#${TIMEOUT%.*}${value:0:2})) # in hundredths of a second
	((TIMEOUT >= 10)) || die '--timeout wants 0.1 seconds or more'
	((WANTED = PARALLEL < 4 ? PARALLEL : 4))
}
asked_for() { # HOST PORT... or HOST:PORT...: makes a flow of each; with --listen or --local PORT...: what it serves
	local word host='' numbers part
	[[ $MODE == check ]] || host=here
	ME_GROUP='' ME='' ME_NAME=${MY_NAMES[0]} OWN=1 ROLE='' OPTIONAL=1
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
			S_END+=(.asked) S_TITLE+=('nothing documented') S_NUMBERS+=("$part") S_TRANSPORT+=(tcp) S_SCOPE+=(network)
			add "asked:$host:$part" '' '' '' "$host" "$part" tcp network asked tls '' ''
			[[ $host =~ ^[0-9.]+$|: ]] && F_DIALS[-1]=$host
		done
	done
	among asked "${F_NEED[@]}" || die 'no port given: give HOST PORT... or HOST:PORT...'
}

# ----- small helpers

note() { printf '%s\n' "$*" >&2; }
die() {
	note "${0##*/}: $*"
	exit 2
}
now() { # sets NOW, in hundredths of a second
	local up
	IFS=' ' read -r up _ </proc/uptime
	NOW=$((10#${up/./}))
}
among() { # WORD WORD...: is the first one of the others?
	local word
	for word in "${@:2}"; do [[ $word == "$1" ]] && return; done
	return 1
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
in_network() { # ADDRESS NETWORK
	local mine bits=${2#*/} whole
	hexadecimal "$1" && mine=$HEX
	hexadecimal "${2%/*}"
	((${#mine} == ${#HEX})) || return 1
	whole=$((bits / 4))
	[[ ${mine:0:whole} == "${HEX:0:whole}" ]] &&
		((16#${mine:whole:1}0 >> (8 - bits % 4) == 16#${HEX:whole:1}0 >> (8 - bits % 4)))
}
hexadecimal() { # ADDRESS: sets HEX, its 8 or 32 digits
	local word tail='' IFS=.:
	HEX=''
	if [[ $1 == *:* ]]; then
		for word in ${1%%::*}; do printf -v word %04x "0x$word" && HEX+=$word; done
		[[ $1 == *::* ]] || return 0
		for word in ${1#*::}; do printf -v word %04x "0x$word" && tail+=$word; done
		printf -v HEX '%s%0*d%s' "$HEX" "$((32 - ${#HEX} - ${#tail}))" 0 "$tail"
	else
		for word in $1; do printf -v word %02x "$word" && HEX+=$word; done
	fi
}

# ----- reading the data

GROUP=() M_NAME=() M_ADDR=()                               # groups of hosts, and their machines
declare -A FIRST=() SIZE=() NETWORK=() IS=() TITLE=()      # by group; IS by name or address
F_ID=() F_PORT=() F_FROM=() F_ROLE=() F_TO=() F_NUMBERS=() # flows
F_TRANSPORT=() F_SCOPE=() F_NEED=() F_CIPHER=() F_DIALS=() F_NOTE=()
S_END=() S_TITLE=() S_NUMBERS=() S_TRANSPORT=() S_SCOPE=() # who serves what

fact() { # KIND WORD...: takes one line of the data
	local kind=$1 end to need
	shift
	case $kind in
		about) SITE=$1 RELEASE=$2 DATA=$3 GENERATOR=$4 LINK="${5:-}/check/#outcome-" ;;
		host) host "$@" ;;
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
host() { # GROUP NAMES ADDRESSES [SIZE [NETWORK]]
	local first=${#M_NAME[@]} n pattern
	GROUP+=("$1") FIRST[$1]=$first SIZE[$1]=${4:-1}
	[[ ${5:-} ]] && NETWORK[$1]=$5
	for ((n = first; n < first + ${4:-1}; n++)); do M_NAME[n]='' M_ADDR[n]=''; done
	for pattern in ${2:-}; do
		expand "$pattern"
		for n in "${!EXPANDED[@]}"; do
			M_NAME[first + n]=${EXPANDED[n]} pattern=${EXPANDED[n],,}
			IS[$pattern]+=" $1=$((first + n))"
			IS[short:${pattern%%.*}]+=" $1=$((first + n))"
		done
	done
	for pattern in ${3:-}; do
		expand "$pattern"
		for n in "${!EXPANDED[@]}"; do
			M_ADDR[first + n]+="${M_ADDR[first + n]:+ }${EXPANDED[n]}"
			IS[${EXPANDED[n],,}]+=" $1=$((first + n))"
		done
	done
}
add() { # ID PORT FROM ROLE TO NUMBERS TRANSPORT SCOPE REQUIREMENT ENCRYPTION DIALS NOTE: a flow
	F_ID+=("$1") F_PORT+=("$2") F_FROM+=("$3") F_ROLE+=("$4") F_TO+=("$5") F_NUMBERS+=("$6")
	F_TRANSPORT+=("$7") F_SCOPE+=("$8") F_NEED+=("$9") F_CIPHER+=("${10}") F_DIALS+=("${11}") F_NOTE+=("${12}")
}

# ----- formats for programs

quoted() { # TEXT...: sets Q, each as a JSON string, no text as null
	local text
	Q=()
	for text; do
		text=${text//\\/\\\\}
		text=${text//\"/\\\"}
		[[ $text ]] && Q+=("\"${text//[[:cntrl:]]/ }\"") || Q+=(null)
	done
}
list() { # TEXT...: sets LIST, a JSON array of strings
	local IFS=,
	quoted "$@"
	LIST="[${Q[*]}]"
}
json_head() { # KIND: the members with which every document begins
	list "${MY_NAMES[@]}"
	local names=$LIST
	list "${MY_ADDRS[@]}"
	quoted "$1" "$SITE" "$RELEASE" "$DATA" "$GENERATOR" "$STARTED" "$ME_NAME" "$ME_GROUP"
	printf '{"schema": 1, "kind": %s, "site": %s, "release": %s, "data": %s, "generator": %s, "started": %s, ' "${Q[@]:0:6}"
	printf '"host": {"name": %s, "group": %s, "names": %s, "addresses": %s}' "${Q[@]:6}" "$names" "$LIST"
}
json_report() {
	local i f comma='' complete=true
	[[ $STOPPED ]] && complete=false
	json_head check-results
	printf ', "seconds": %s, "complete": %s, "exit": %s, "left_out": %s, "results": [' "$ELAPSED" "$complete" "$STATUS" "$LEFT_OUT"
	for i in "${!P_FLOW[@]}"; do
		f=${P_FLOW[i]}
		advise "$i"
		quoted "${F_ID[f]}" "${F_PORT[f]}" "$ME_NAME" "${P_HOST[i]}" "${P_ADDR[i]}" "${F_TRANSPORT[f]}" "${F_SCOPE[f]}" \
			"${F_NEED[f]}" "${OUT[i]}" "${WHY[i]}" "$ACT" "$ADVICE" "$LINK${OUT[i]}"
		printf '%s\n {"number": %s, "flow": %s, "port": %s, "from": %s, "to": %s, "address": %s, "transport": %s, ' \
			"$comma" "${P_PORT[i]}" "${Q[@]:0:6}"
		printf '"scope": %s, "requirement": %s, "outcome": %s, "reason": %s, "act": %s, "advice": %s, "url": %s' "${Q[@]:6}"
		if [[ ${TLS[i]:-} ]]; then
			quoted "${TLS[i]%%|*}" "${TLS[i]#*|}"
			printf ', "tls": {"protocol": %s, "certificate_until": %s}' "${Q[0]}" "${Q[1]/#null/\"\"}"
		fi
		printf '}'
		comma=,
	done
	printf '\n]}\n'
}
xml() { # TEXT...: sets X
	local text
	X=()
	for text; do
		text=${text//&/"&amp;"}
		text=${text//</"&lt;"}
		text=${text//>/"&gt;"}
		X+=("${text//\"/"&quot;"}")
	done
}
junit_report() {
	local i
	printf '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n<testsuite name="%s" tests="%s" failures="%s" skipped="%s" time="%s">\n' \
		"${SITE:-check}" "${#P_FLOW[@]}" "${#WRONG[@]}" "$UNTESTED" "$ELAPSED"
	for i in "${!P_FLOW[@]}"; do
		advise "$i"
		xml "${F_ID[P_FLOW[i]]}" "$ENDS" "${WHY[i]} ${ADVICE:+The $ACT team acts: $ADVICE. }$LINK${OUT[i]}"
		printf '<testcase classname="%s" name="%s">' "${X[@]:0:2}"
		case ${OUT[i]} in
			open | blocked-as-expected) ;;
			cannot-test) printf '<skipped message="%s"/>' "${X[2]}" ;;
			*) printf '<failure type="%s" message="%s"/>' "${OUT[i]}" "${X[2]}" ;;
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
		said="$((i + 1)) - ${F_ID[P_FLOW[i]]} $ENDS"
		said=${said//#/\\#}
		case ${OUT[i]} in
			open | blocked-as-expected) printf 'ok %s\n' "$said" ;;
			cannot-test) printf 'ok %s # SKIP %s\n' "$said" "${WHY[i]}" ;;
			*) printf 'not ok %s\n  ---\n  outcome: %s\n  act: %s\n  ...\n' "$said" "${OUT[i]}" "$ACT" ;;
		esac
	done
}

# ----- --local and --listen: this host's own ports

own_ports() { # SCOPES: sets MINE, each NUMBER/TRANSPORT that this host will serve, and LABEL
	local i n
	MINE=()
	declare -gA LABEL=()
	for i in "${!S_END[@]}"; do
		[[ ${S_END[i]%%.*} == "$ME_GROUP" && $1 == *"${S_SCOPE[i]}"* ]] || continue
		[[ ! $ROLE || ${S_END[i]#*.} == "$ROLE" ]] || continue
		for ((n = ${S_NUMBERS[i]%-*}; n <= ${S_NUMBERS[i]#*-}; n++)); do
			[[ ${LABEL[$n/${S_TRANSPORT[i]}]:-} ]] || MINE+=("$n/${S_TRANSPORT[i]}")
			LABEL[$n/${S_TRANSPORT[i]}]+="${LABEL[$n/${S_TRANSPORT[i]}]:+, }${S_TITLE[i]}"
		done
	done
	((${#MINE[@]})) || [[ $FORMAT != text ]] || echo "$ME_NAME serves nothing."
}
local_ports() { # which of them are taken, and by whom
	local line port taken=0 comma='' holder
	local -A held=()
	command -v ss >/dev/null || command -v netstat >/dev/null || {
		note '--local needs ss or netstat; neither is here'
		exit 3
	}
	while read -r line; do # tcp LISTEN 0 9 *:80 *:* users:(("java",pid=7,fd=3)) or tcp6 0 0 :::80 :::* LISTEN 7/java
		[[ $line =~ ^(tcp|udp)6?[[:blank:]].*:([0-9]+)[[:blank:]] ]] || continue
		port=${BASH_REMATCH[2]}/${BASH_REMATCH[1]}
		held[$port]='a process that only root may see'
		[[ $line =~ \"([^\"]+)\",pid=([0-9]+) ]] && held[$port]="${BASH_REMATCH[1]}, process ${BASH_REMATCH[2]}"
		[[ $line =~ [[:blank:]]([0-9]+)/([^[:blank:]]+) ]] && held[$port]="${BASH_REMATCH[2]}, process ${BASH_REMATCH[1]}"
	done < <(ss -ltunp 2>/dev/null || netstat -ltunp 2>/dev/null)
	own_ports 'network loopback'
	for port in "${MINE[@]}"; do [[ ${held[$port]:-} ]] && taken=1; done
	if [[ $FORMAT == json ]]; then
		json_head check-local
		printf ', "exit": %s, "ports": [' "$taken"
		for port in "${MINE[@]}"; do
			quoted "${port#*/}" "${LABEL[$port]}" "${held[$port]:-}"
			printf '%s\n {"number": %s, "transport": %s, "for": %s, "held_by": %s}' "$comma" "${port%/*}" "${Q[@]}"
			comma=,
		done
		printf '\n]}\n'
	else
		for port in "${MINE[@]}"; do
			holder=${held[$port]:+taken by ${held[$port]}}
			printf '%-6s %s; documented for %s\n' "${port%/tcp}" "${holder:-free}" "${LABEL[$port]}"
		done
		((taken)) && echo 'Before an installation that is a conflict; later it should be the product.'
	fi
	exit "$taken"
}
LISTEN_PYTHON='
import select, socket, sys, time
end, both, on = time.monotonic() + float(sys.argv[1]), socket.has_dualstack_ipv6(), {}
for port in sys.argv[2:]:
	try:
		family = socket.AF_INET6 if both else socket.AF_INET
		on[socket.create_server(("", int(port)), family=family, dualstack_ipv6=both)] = port
	except OSError as error:
		print("failed", port, error.strerror, flush=True)
while on and time.monotonic() < end:
	for one in select.select(list(on), [], [], 1)[0]:
		try:
			other, who = one.accept()
			print("came", on[one], who[0].replace("::ffff:", ""), flush=True)
			other.sendall(b"portatlas check --listen\n")
			other.close()
		except OSError:
			pass
'
LISTEN_PERL='
use strict; $| = 1; $SIG{PIPE} = "IGNORE"; my ($for, $kind, @ports) = @ARGV; my ($end, $all, %on) = (time + $for, IO::Select->new);
for my $port (@ports) {
	my @both = $kind =~ /IP$/ ? (LocalHost => "::", V6Only => 0) : ();
	my $one = $kind->new(@both, LocalPort => $port, Listen => 64, ReuseAddr => 1, Proto => "tcp");
	if ($one) { $all->add($one); $on{$one} = $port } else { print "failed $port $!\n" }
}
while ($all->count and time < $end) {
	for my $one ($all->can_read(1)) {
		my $other = $one->accept or next; my $who = $other->peerhost; $who =~ s/^::ffff://;
		print "came $on{$one} $who\n"; print $other "portatlas check --listen\n"; close $other;
	}
}'
listen_with() { # PROGRAM SECONDS PORT...
	local port how=-p class=IO::Socket::INET
	case $1 in
		python3) exec python3 -c "$LISTEN_PYTHON" "${@:2}" ;;
		perl)
			[[ -e /proc/net/if_inet6 ]] && perl -MIO::Socket::IP -e 1 2>/dev/null && class=IO::Socket::IP
			exec perl "-M$class" -MIO::Select -e "$LISTEN_PERL" "$2" "$class" "${@:3}"
			;;
		nc) # a process for each port, on IPv4; who came it does not say
			[[ $(nc -h 2>&1) == *OpenBSD* ]] && how=-n
			trap 'kill $(jobs -p); exit' TERM
			for port in "${@:3}"; do nc -lk "$how" "$port" </dev/null >/dev/null 2>&1 & done
			wait
			;;
	esac
}
listen() { # opens what this host will serve over TCP, and lists who came
	local word port who with='' comma='' ports=() live=1 at LISTENER
	local -A came=() failed=()
	[[ $FORMAT == json ]] && live=2 # on the standard error: the document is alone
	own_ports network
	for port in "${MINE[@]}"; do
		if [[ $port == */tcp ]]; then ports+=("${port%/*}"); else note "$port (${LABEL[$port]}) is not opened: only TCP is"; fi
	done
	python3 -c 'import socket; socket.has_dualstack_ipv6' 2>/dev/null && with=python3
	[[ $with ]] || { perl -MIO::Socket::INET -e 1 2>/dev/null && with=perl; }
	[[ $with ]] || { command -v nc >/dev/null && with=nc; }
	[[ $with ]] || { note '--listen needs python3, perl or nc; none of them is here' && exit 3; }
	if ((${#ports[@]})); then
		exec {at}< <(listen_with "$with" "$FOR" "${ports[@]}")
		LISTENER=$!
		echo "$ME_NAME listens for $FOR s with $with on: ${ports[*]}" >&"$live"
		for ((END = NOW + FOR * 100; NOW < END; )); do
			[[ $STOPPED ]] && break
			now
			read -r -t 0.2 -u "$at" word port who || { (($? > 128)) && continue || break; }
			if [[ $word == failed ]]; then
				failed[$port]=$who
				echo "$port cannot be opened: $who" >&"$live"
			elif [[ " ${came[$port]:-} " != *" $who "* ]]; then
				came[$port]+="${came[$port]:+ }$who"
				echo "$who came to $port (${LABEL[$port/tcp]})" >&"$live"
			fi
		done
		kill "$LISTENER" 2>/dev/null
	fi
	if [[ $FORMAT == json ]]; then
		json_head check-listen
		printf ', "exit": 0, "with": "%s", "ports": [' "$with"
		for port in "${ports[@]}"; do
			who=()
			for word in ${came[$port]:-}; do who+=("$word"); done
			list "${who[@]}"
			quoted "${LABEL[$port/tcp]}" "${failed[$port]:-}"
			printf '%s\n {"number": %s, "transport": "tcp", "for": %s, "failed": %s, "came": %s}' "$comma" "$port" "${Q[@]}" "$LIST"
			comma=,
		done
		printf '\n]}\n'
	else
		for port in "${ports[@]}"; do printf '%-6s %s\n' "$port" "${came[$port]:-${failed[$port]:-nobody came}}"; done
	fi
	exit 0
}

# ----- the documented hosts and flows

data() {
#@DATA@
}

main "$@"
