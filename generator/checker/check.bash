#!/usr/bin/env bash
# Port Atlas check script: tries the documented flows that start at this host, says which does not work
# and who has to act. Without root; sends nothing over what it connects, changes nothing, writes no file.
# data() has the documented hosts and flows, words that are never run.

case ${BASH_VERSION:-} in '' | [1-3].* | 4.[0-3].*)
	echo "This script needs bash 4.4 or newer.${BASH_VERSION:+ This is $BASH_VERSION.} Run it as: bash $0" >&2
	exit 2
	;;
esac
set +e +o posix
set -u -f # a * in a text is only a *

ARROW='->'
case ${LC_ALL:-${LC_CTYPE:-${LANG:-}}} in *[Uu][Tt][Ff]*) ARROW='→' ;; esac
export LC_ALL=C TZ=UTC0
trap 'echo "$0: its end is missing" >&2; exit 2' EXIT

main() {
	trap 'stop "${KIDS[@]}" "${PID[@]}" $CLOCK' EXIT
	[[ $- != *r* ]] || die 'a restricted shell cannot connect'
	[[ -d /dev/fd && -r /proc/uptime ]] || die 'there is no /dev/fd, or no /proc'
	read -r HOSTNAME </proc/sys/kernel/hostname # whatever the environment says
	HOSTNAME=${HOSTNAME//[^[:graph:]]/}
	: "${HOSTNAME:=localhost}"
	data
	options "$@"
	trap 'STOPPED=signal; stop "${KIDS[@]}"' INT TERM HUP
	printf -v STARTED '%(%Y-%m-%dT%H:%M:%SZ)T' -1
	now
	BEGIN=$NOW END=$((NOW + BUDGET * 100))
	if ((${#WORDS[@]})); then asked_for "${WORDS[@]}"; else who_am_i; fi
	case $MODE in local) local_ports ;; listen) listen "${FOR:-600}" ;; esac # and end
	what_to_dial
	find_addresses
	dial
	((WITH_TLS)) && handshakes
	judge
	report 2>/dev/null || unwritten
	case $STOPPED in budget) note "the time budget of $BUDGET s is over: $SO_FAR" ;; signal) note "interrupted: $SO_FAR" ;; esac
	exit "$STATUS"
}

# ----- 1. Who am I?

MY_NAMES=() MY_ADDRS=() ME_AT=() # what we dial from; behind a /, if that has none of a family

look_around() { # sets MY_NAMES and MY_ADDRS
	local word full
	((${#MY_NAMES[@]})) && return
	MY_NAMES=("${HOSTNAME,,}")
	side_by_side name "$HOSTNAME"
	full=${ANSWER[$HOSTNAME]:-} full=${full%%$'\n'*} full=${full##* } # ADDRESS STREAM FULL-NAME
	[[ ${full,,} == *.* && ${full,,} != localhost* ]] && MY_NAMES+=("${full,,}")
	while read -r _ _ _ word _; do
		case $word in '' | 127.* | ::1/* | fe80:*) ;; *) MY_ADDRS+=("${word%/*}") ;; esac
	done < <(ip -o addr show 2>/dev/null)
	((${#MY_ADDRS[@]})) || read -r -a MY_ADDRS < <(hostname -I 2>/dev/null)
}
found() { ((${#FOUND[@]})); }
find_machines() { # NAME-OR-ADDRESS...: sets FOUND, each GROUP=NUMBER
	local word machine
	FOUND=()
	for word; do
		for machine in ${IS[${word,,}]:-}; do among "$machine" "${FOUND[@]}" || FOUND+=("$machine"); done
	done
}
who_am_i() { # sets ME_GROUP, ME (which machine; none: any), ME_NAME, ME_AT; OWN: we run on it
	local words known lost=() guess='none of the documented hosts' group address
	look_around
	words=("${MY_NAMES[@]}" "${MY_ADDRS[@]}")
	[[ ${MY_NAMES[*]} == *.* ]] || words+=("short:$HOSTNAME") # it does not know its domain
	find_machines "${words[@]}"
	found || for group in "${!NETWORK[@]}"; do
		for address in "${MY_ADDRS[@]}"; do in_network "$address" "${NETWORK[$group]}" && any_of "$group" && break; done
	done
	known=("${FOUND[@]}") OWN=1
	if [[ $AS ]]; then
		find_machines "$AS"
		found || find_machines "short:$AS"
		found || ! among "$AS" "${GROUP[@]}" || any_of "$AS"
		found || die "--as $AS: no such host at $SITE; there are ${GROUP[*]}"
		((${#FOUND[@]} == 1)) || die "--as $AS: could be ${FOUND[*]%=*}; give its full name"
		if ((${#known[@]})) && ! among "${FOUND[0]}" "${known[@]}" "${known[@]/%=*/=}"; then
			group=${known[0]%=*} ME=${known[0]#*=}
			[[ ! $ME || ! ${M_NAME[ME]} ]] || group=${M_NAME[ME]}
			((FORCE)) || die "this host is $group, not $AS; --force tries its flows"
			OWN=0
		fi
		for group in "${known[@]}"; do [[ ${FOUND[0]} == "${group%%=*}=" ]] && FOUND=("$group"); done # not itself
	elif ! found && [[ $ROLE ]]; then
		for group in "${GROUP[@]}"; do runs_role "$group" "$ROLE" && any_of "$group"; done
		found || die "--role $ROLE: nobody has it at $SITE"
		((${#FOUND[@]} == 1)) || die "--role $ROLE: ${FOUND[*]%=*} have it; say which with --as"
	fi
	if ((${#FOUND[@]} != 1)); then
		found && guess="perhaps ${FOUND[*]%=*}"
		words=("${MY_NAMES[@]}" "${MY_ADDRS[@]}")
		die "this host (${words[*]}) is $guess at $SITE; say which with --as: ${GROUP[*]}"
	fi
	ME_GROUP=${FOUND[0]%=*} ME=${FOUND[0]#*=}
	[[ ! $ROLE ]] || runs_role "$ME_GROUP" "$ROLE" || die "--role $ROLE: $ME_GROUP does not have it"
	ME_NAME=$ME_GROUP
	[[ $ME ]] || return 0
	ME_NAME=${M_NAME[ME]:-$ME_GROUP}
	for address in ${M_ADDR[ME]}; do
		if ((OWN && ${#MY_ADDRS[@]})) && ! is_here "$address"; then lost+=("$address"); else ME_AT+=("$address"); fi
	done
	((${#lost[@]})) || return 0
	ME_AT+=(/ "${MY_ADDRS[@]}")
	note "this host does not have ${lost[*]}, documented for $ME_NAME; it has ${MY_ADDRS[*]}"
}
is_here() { # ADDRESS
	[[ $1 == 127.* || $1 == ::1 ]] || among "$1" "${MY_ADDRS[@]}"
}
any_of() { # GROUP: adds it to FOUND, without a number if it has several
	((${SIZE[$1]} == 1)) && FOUND+=("$1=${FIRST[$1]}") || FOUND+=("$1=")
}
runs_role() { # GROUP ROLE
	[[ "${F_ID[*]}" == *":$1.$2>"* ]] || among "$1.$2" "${S_END[@]}"
}

# ----- 2. What to dial?

P_FLOW=() P_HOST=() P_AT=() SPECIAL=() LEFT_OUT=0 # probes; SPECIAL: why it is not dialled
declare -A NAMELESS=() SAID=() # names to ask for; what came out at each ADDRESS/PORT

what_to_dial() { # makes probes
	local i m to
	for i in "${!F_ID[@]}"; do
		[[ ${F_FROM[i]} == "$ME_GROUP" ]] || continue
		to=${F_TO[i]}
		[[ ! $ROLE || ${F_ID[i]} == *".$ROLE>"* || ${F_NEED[i]} == never ]] || continue
		if [[ ${F_NEED[i]} == optional ]] && ((!OPTIONAL)); then
			((LEFT_OUT++))
		elif [[ ${F_NEED[i]} == asked ]]; then
			probe "$i" "$to" "${F_DIALS[i]}"
		elif [[ ${F_SCOPE[i]} == loopback ]]; then
			if ((OWN)); then
				probe "$i" "$ME_NAME" 127.0.0.1
			else
				probe "$i" "$to" 127.0.0.1 'a loopback port of another host'
			fi
		elif [[ ${F_DIALS[i]} ]]; then # a load balancer's or a translated address
			one_end "$i" "$to" "${F_DIALS[i]}"
		else # every machine that listens, but never this one
			for ((m = FIRST[$to]; m < FIRST[$to] + SIZE[$to]; m++)); do
				[[ $m == "$ME" ]] || one_end "$i" "${M_NAME[m]:-$to}" "${M_ADDR[m]}"
			done
		fi
	done
}
one_end() { # FLOW HOST ADDRESSES
	local not=''
	[[ $3 || $2 != "${F_TO[$1]}" ]] || not='no address is documented'
	[[ ${F_OVER[$1]} != udp ]] || not='UDP: no answer means nothing'
	probe "$1" "$2" "$3" "$not"
}
probe() { # FLOW HOST ADDRESSES [WHY-NOT [NUMBERS]]: one for each address and number
	local numbers=${5:-${F_NUMBERS[$1]}} at n i=${#P_FLOW[@]} last not=${4:-}
	[[ $3 || $not ]] || NAMELESS[$2]=1
	for at in ${3:-/}; do
		at=${at%/}/ last=${numbers#*-}
		for ((n = ${numbers%-*}; n <= last; n++, i++)); do
			P_FLOW[i]=$1 P_HOST[i]=$2 P_AT[i]=$at$n
			[[ $not ]] && SPECIAL[i]=$not || SAID[$at$n]=''
		done
	done
	return 0
}
find_addresses() { # of names
	local i line name none=() IFS
	local -A has=() astray=()
	((${#NAMELESS[@]})) || return 0
	look_around
	side_by_side name "${!NAMELESS[@]}"
	for name in "${!NAMELESS[@]}"; do [[ ${ANSWER[$name]:-} ]] || none+=("$name"); done
	side_by_side why "${none[@]}"
	[[ ! $STOPPED ]] || ANSWER=()
	for name in "${!ANSWER[@]}"; do
		IFS=$'\n'
		for line in ${ANSWER[$name]}; do
			[[ $line != *STREAM* || $line == *:* && " ${MY_ADDRS[*]} " != *:* ]] && continue
			line=${line%% *}
			if is_here "$line" && another "$name"; then astray[$name]=$line; else has[$name]+="$line "; fi
		done
		[[ ${has[$name]:-} || ! ${astray[$name]:-} ]] || ANSWER[$name]="here ${astray[$name]}"
		[[ ${ANSWER[$name]} ]] || has[$name]="$name " # bash itself finds it
	done
	IFS=' '
	for i in "${!P_AT[@]}"; do
		[[ ${P_AT[i]} != /* || ${SPECIAL[i]:-} ]] && continue
		unset "SAID[${P_AT[i]}]"
		line=${has[${P_HOST[i]}]:-}
		[[ $line ]] || continue
		P_AT[i]=${line%% *}${P_AT[i]} SAID[${P_AT[i]}]=''
		[[ ${line#* } ]] && probe "${P_FLOW[i]}" "${P_HOST[i]}" "${line#* }" '' "${P_AT[i]##*/}"
	done
}
another() { # NAME: is it surely another machine than this one?
	((OWN && !${#WORDS[@]})) && [[ $ME || ${IS[${1,,}]:-} != " $ME_GROUP="* ]]
}
side_by_side() { # name|why|tls WORD...: sets ANSWER of each, perhaps "late"; asks for 32 at a time
	local kind=$1 word at said due
	local -A pipe=()
	shift
	while (($#)) && [[ ! $STOPPED ]]; do
		for word in "${@:1:32}"; do
			case $kind in
				name) exec {at}< <(exec getent ahosts "$word" 2>/dev/null) ;;
				why) exec {at}< <({ true 3<>"/dev/udp/$word/9"; } 2>&1) ;; # bash says why; nothing is sent
				tls) exec {at}< <(exec openssl s_client -connect "$word" </dev/null 2>/dev/null) ;;
			esac
			pipe[$word]=$at KIDS[at]=$!
		done
		due=$((SECONDS + TIMEOUT / 100 + 1))
		[[ ! $STOPPED ]] || stop "${KIDS[@]}" # the new ones
		for word in "${@:1:32}"; do
			at=${pipe[$word]}
			IFS= read -r -d '' -t "$((due > SECONDS ? due - SECONDS : 0)).01" -u "$at" said
			(($? > 128)) && stop "${KIDS[at]}" && said=${said:-late}
			ANSWER[$word]=$said
			exec {at}<&-
			unset "KIDS[at]"
		done
		shift 32 || break
		now
		((NOW < END)) || STOPPED=${STOPPED:-budget}
	done
}

# ----- 3. Dial
# A worker takes targets from a queue, says which, and connects; why that fails bash says, in a line that
# ends in "/dev/tcp/ADDRESS/PORT: Connection refused". Who hangs is killed, and another one started.
# `read -N` waits for as much as it asked for: so clock and workers fill the pipe up with empty lines.

declare -A SILENT=() ANSWER=()
PID=() KIDS=() CLOCK='' TARGETS=() TODO=() AT=() SINCE=() WORKERS=0 NOT_BEGUN=0 TICKS=0 PATIENCE=() BATCH=16
printf -v FILL '%4000s' ''
FILL=${FILL// /$'\n'}

dial() { # sets SAID of every target, or counts in SILENT its time-outs
	local i target
	exec 6< <(clock 2>/dev/null) # no job (&): with jobs, loops are slow
	CLOCK=$!
	exec 7>/dev/fd/6 # its other end, for the workers
	TARGETS=("${!SAID[@]}")
	while NOT_BEGUN=${#TARGETS[@]} && ((NOT_BEGUN)) && [[ ! $STOPPED ]]; do
		exec 8< <(printf '%8d' "${!TARGETS[@]}")
		start
		while ((${#PID[@]})) && [[ ! $STOPPED ]]; do listen_in; done
		exec 8<&-
		TARGETS=()
		((${#SILENT[@]})) && for target in "${!SAID[@]}"; do # a silent one once more
			[[ ${SAID[$target]} ]] || ((${SILENT[$target]:-0} > 1)) || TARGETS+=("$target")
		done
	done
	stop "${PID[@]}"
	PID=()
	for ((i = TICKS + 2; TICKS < i && ${#STOPPED}; )); do listen_in || break; done # their last words
	stop "$CLOCK"
	CLOCK=''
}
clock() { # a tick 40 times a second, until nobody listens
	trap '' INT TERM HUP
	exec 3<> <(:)
	until read -r -t 0.025 -u 3; do printf 'tick\n%s' "$FILL" || exit; done
}
start() { # starts workers, up to the number WANTED
	local most=$NOT_BEGUN
	while ((${#PID[@]} < WANTED && most-- > 0)) && [[ ! $STOPPED ]]; do
		((WORKERS++))
		exec 4< <(set +x && exec 6<&- </dev/null >&7 2>&1 && work "$WORKERS" "$((BATCH * 8))")
		PID[WORKERS]=$! TODO[WORKERS]='' AT[WORKERS]='' SINCE[WORKERS]=$NOW
	done
}
work() { # NUMBER BYTES: a target's index is 8 bytes
	local batch i IFS=' '
	trap '' INT TERM HUP
	while read -r -N "$2" -u 8 batch || [[ $batch ]]; do
		echo "+$1 $batch" || exit
		for i in $batch; do true 3<>"/dev/tcp/${TARGETS[i]}" && echo "=${TARGETS[i]}"; done
	done
	printf -- '-%s\n%s' "$1" "$FILL"
}
listen_in() { # hears what workers and clock say, if the clock lives
	local text tail='' line IFS=$'\n' dead=0
	read -r "${PATIENCE[@]}" -N 4000 -u 6 text || dead=1 STOPPED=${STOPPED:-signal}
	[[ $dead == 1 || ${text: -1} == "$IFS" ]] || read -r -u 6 tail # of a line that was cut
	for line in $text$tail; do
		case $line in
			=*) SAID[${line#=}]=open ;;
			*/dev/tcp/*) line=${line#*/dev/tcp/} SAID[${line%%: *}]=${line#*: } ;;
			+*) line=${line#+} TODO[${line%% *}]=${line#* } NOT_BEGUN=$((NOT_BEGUN - (${#line} + 7 - ${#line} % 8) / 8)) ;;
			-*) unset "PID[${line#-}]" ;;
			tick) tick ;;
		esac
	done
	return "$dead"
}
tick() { # kills who hangs, and starts others; more, where one waits
	local w i IFS=' ' waits=0
	((TICKS++ < 8)) || PATIENCE=(-t 3) # it is slow
	BATCH=1
	now
	((NOW < END)) || STOPPED=${STOPPED:-budget}
	for w in "${!PID[@]}"; do
		for i in ${TODO[w]} none; do [[ $i != none && ${SAID[${TARGETS[i]}]} ]] || break; done # the one it is at
		if [[ $i != "${AT[w]}" ]]; then
			AT[w]=$i SINCE[w]=$NOW
		elif [[ $i != none ]] && waits=1 && ((NOW >= SINCE[w] + TIMEOUT)); then
			kill -9 "${PID[w]}" 2>/dev/null
			unset "PID[w]"
			SILENT[${TARGETS[i]}]=$((${SILENT[${TARGETS[i]}]:-0} + 1))
		fi
	done
	((waits)) && ((WANTED = WANTED * 2 < PARALLEL ? WANTED * 2 : PARALLEL))
	start
}
stop() { # PROCESS...: ends them
	(($#)) && kill -9 "$@" 2>/dev/null
}
handshakes() { # sets TLS, "protocol|end of the certificate", where it is documented
	local i said where=() end
	command -v openssl >/dev/null || { note '--tls: there is no openssl here' && return; }
	for i in "${!P_AT[@]}"; do
		[[ ${F_CIPHER[P_FLOW[i]]} == tls && ${SAID[${P_AT[i]}]:-} == open ]] || continue
		ends "$i"
		where[i]=${ENDS##* }
	done
	side_by_side tls "${where[@]}"
	for i in "${!where[@]}"; do
		said=${ANSWER[${where[i]}]:-}
		[[ $said || ! $STOPPED ]] || continue # not that there is none
		TLS[i]='none|'
		[[ $said =~ New,\ ([A-Za-z0-9.]+),\ Cipher ]] || continue
		TLS[i]=${BASH_REMATCH[1]}
		end=$(printf '%s' "$said" | openssl x509 -noout -enddate -checkend 0 2>/dev/null)
		[[ $end == *will\ expire ]] && PAST[i]='ended on'
		end=${end#*=} TLS[i]+="|${end%%$'\n'*}"
	done
}

# ----- 4. Judge

declare -A SAME=() # probes of one flow that went wrong in one way
OUT=() WHY=() TLS=() PAST=() OPEN=0 WRONG=0 UNTESTED=0 UNCOUNTED=0 STATUS=0

judge() { # sets the outcome of every probe, and the counts
	local i out
	for i in "${!P_AT[@]}"; do
		case ${SAID[${P_AT[i]}]:-} in
			open) out=open ;;
			*refused) out=refused ;;
			*timed\ out) out=filtered ;;
			*unreachable | No\ route* | *denied | *permitted | *\ down | Protocol* | *\ supported | *\ network | Message*) out=unreachable ;;
			*) out='' ;;
		esac
		[[ $out && ! ${SPECIAL[i]:-} && ${F_NEED[P_FLOW[i]]} != never ]] || weigh "$i"
		OUT[i]=$out
		case $out in
			open | blocked-as-expected) ((OPEN++)) ;;
			cannot-test) ((UNTESTED++)) ;;
			*) SAME["${P_FLOW[i]} $out"]+="$i " ;;
		esac
	done
	((UNTESTED > UNCOUNTED)) && STATUS=3
	((WRONG = ${#OUT[@]} - OPEN - UNTESTED)) && STATUS=1
	now
	printf -v ELAPSED '%d.%02d' $(((NOW - BEGIN) / 100)) $(((NOW - BEGIN) % 100))
}
weigh() { # PROBE: sets out where a word is not enough
	local at=${P_AT[$1]} special=${SPECIAL[$1]:-} said=${SAID[${P_AT[$1]}]:-}
	if [[ $special ]]; then
		out=cannot-test WHY[$1]=$special
		((STRICT)) || case $special in UDP* | 'a loopback port'*) ((UNCOUNTED++)) ;; esac
	elif [[ $at == /* && ${ANSWER[${P_HOST[$1]}]:-} || $at == "${P_HOST[$1]}/"* && $said == Invalid* ]]; then
		out=unresolved
	elif [[ $said == Invalid* ]]; then
		out=unreachable
	elif [[ ! $out && $said ]]; then
		out=cannot-test WHY[$1]=${said/%requested address/requested address: this host has none of that kind}
	elif [[ ! $out ]] && ((${SILENT[$at]:-0})); then
		out=filtered
	elif [[ ! $out ]]; then
		out=cannot-test WHY[$1]=interrupted
		[[ $STOPPED == budget ]] && WHY[$1]='the time budget was over'
	fi
	[[ ${F_NEED[P_FLOW[$1]]} == never ]] && case $out in
		open) out=open-but-forbidden ;;
		refused | filtered | unreachable) out=blocked-as-expected ;;
	esac
	return 0
}
ends() { # PROBE: sets ENDS, initiator → listener, and WHO that is, with its address
	local at=${P_AT[$1]%/*}
	WHO=${P_HOST[$1]} ENDS=''
	[[ $at && $at != "$WHO" ]] && ENDS="$WHO " WHO+=" ($at)"
	[[ $at == *:* ]] && at="[$at]"
	ENDS="$ME_NAME $ARROW $ENDS${at:-$WHO}:${P_AT[$1]##*/}"
}
advise() { # PROBE: sets REASON, ACT (the team that has to), ADVICE; and ends
	local word f=${P_FLOW[$1]} at=${P_AT[$1]} said=${SAID[${P_AT[$1]}]:-} port from='' from_to
	port=${at##*/}/${F_OVER[f]}
	REASON=${WHY[$1]:-} ACT=network ADVICE=''
	ends "$1"
	for word in "${ME_AT[@]}"; do
		[[ $word == / && $from ]] && break
		[[ $word != / && ($word$at != *:* || $word == *:* && $at == *:*) ]] && from+=" $word"
	done
	from_to="from $ME_NAME${from:+ (${from# })} to $WHO"
	case ${OUT[$1]} in
		open) REASON=reachable ACT=none ;;
		refused)
			REASON="Nothing listens there, it answers; or a firewall rejects it, perhaps this host's."
			ACT=application ADVICE="start what listens on $port at $WHO"
			;;
		filtered)
			REASON="No answer, twice: a firewall, perhaps this host's, drops it or the answer; or the listener is overloaded."
			[[ ${SILENT[$at]:-} == 1 ]] && REASON=${REASON/twice/and no time to try again}
			ADVICE="let $port through $from_to"
			;;
		unreachable)
			REASON="${said/Invalid argument/No route}: no route, a machine that is off, or a firewall that rejects it."
			ADVICE="see to the route $from_to, the machine, or a firewall that rejects $port"
			;;
		unresolved)
			ADVICE="see to the name service of $ME_NAME, and to the way there (port 53)"
			case ${ANSWER[$WHO]:-} in
				here\ *) REASON="The name leads to this host itself, ${ANSWER[$WHO]#here }." ADVICE="correct $WHO in DNS or the hosts file" ;;
				late) REASON="The name service did not answer in $((TIMEOUT / 100 + 1)) s." ;;
				*failure\ in\ name* | *Try\ again*) REASON='The name service cannot be reached, or failed.' ;;
				*) REASON='The name has no address here.' ADVICE="enter $WHO in DNS or the hosts file" ;;
			esac
			[[ $WHO == *[!0-9.]* ]] || REASON='It is no address.' ADVICE="correct $WHO"
			;;
		open-but-forbidden)
			REASON="It is open and must not be: ${F_NOTE[f]}"
			ADVICE="close $port $from_to"
			;;
		*) ACT=none REASON=${REASON:-${said:-no answer}} ;;
	esac
	[[ ${F_NEED[f]} != never && ${F_NOTE[f]} && $ADVICE ]] && ADVICE+="; behind it listens ${F_NOTE[f]}"
	return 0
}
text_report() { # the sum first
	local i n key all=${#P_FLOW[@]} red='' green='' yellow='' plain='' order=() sum title said well='as documented'
	local -A why=()
	[[ -t 1 && -z ${NO_COLOR:-} ]] && red=$'\e[1;31m' green=$'\e[1;32m' yellow=$'\e[1;33m' plain=$'\e[0m'
	((${#WORDS[@]})) && well=open
	case $STATUS in
		0) sum="${green}All well: $ME_NAME, $OPEN of $((all - UNTESTED)) ports $well" ;;
		1) sum="${red}Not well: $ME_NAME, $WRONG of $all ports not $well" ;;
		3) sum="${yellow}Nothing wrong found: $ME_NAME, but $((UNTESTED - UNCOUNTED)) of $all ports could not be tested" ;;
	esac
	((all)) || sum="${green}All well: $ME_NAME starts no flow to try"
	printf '%s%s\n%s%s s\n' "$sum" "$plain" "${SITE:+$SITE, release $RELEASE, data $DATA; }" "$ELAPSED" || return
	for key in "${!SAME[@]}"; do order[${SAME[$key]%% *}]=$key; done
	for key in "${order[@]}"; do
		n=0
		for i in ${SAME[$key]}; do
			advise "$i"
			case $((n++)) in
				0)
					title=${TITLE[${F_PORT[P_FLOW[i]]:-_}]:-}
					printf '\n%s%s%s  %s\n' "$red" "${OUT[i]}" "$plain" "$ENDS${title:+  $title}"
					printf '  %s\n  The %s team acts: %s.\n  More: %s%s\n' "$REASON" "$ACT" "$ADVICE" "$LINK" "${OUT[i]}"
					;;
				1) printf '  The same:\n    %s\n' "$ENDS" ;;
				[2-6]) printf '    %s\n' "$ENDS" ;;
				*) echo '    and more; --format json has them all' && break ;;
			esac
		done
	done
	((WRONG && UNTESTED + LEFT_OUT + ${#TLS[@]})) && echo
	for i in "${!TLS[@]}"; do
		ends "$i"
		said=${TLS[i]/#none|/no TLS} said=${said%|}
		printf 'TLS  %s  %s\n' "$ENDS" "${said/|/, certificate ${PAST[i]:-valid until} }"
	done
	((UNTESTED)) && for i in "${!P_FLOW[@]}"; do [[ ${OUT[i]} == cannot-test ]] && why[${WHY[i]}]=$((${why[${WHY[i]}]:-0} + 1)); done
	for key in "${!why[@]}"; do printf 'Not tested: %s (%s). More: %scannot-test\n' "${why[$key]}" "$key" "$LINK"; done
	((LEFT_OUT)) && printf 'Not tried: %s optional flows (--optional tries them)\n' "$LEFT_OUT"
	return 0
}

# ----- options

usage() {
	printf '%s\n' "Usage: bash check.sh [OPTION]...${SITE:+    tries the flows that this host starts at $SITE}
       bash check.sh [OPTION]... HOST PORT... or HOST:PORT...${SITE:+, with --force}

  --as HOST      this host is HOST: a name, an address or a group
  --role ROLE    only what this role starts
  --optional     optional flows, too
  --strict       UDP and others' loopback ports count as not tested
  --force        try what this host is not documented to start
  --tls          add TLS protocol and end of the certificate
  --parallel N   so many at once (64)
  --timeout SEC  for one try, of two (4)
  --budget SEC   for the whole run (300)
  --format WHAT  text, json, junit or tap
  --listen       open what this host will serve, list who came (--for SEC, 600)
  --local        which of those ports are taken, and by whom
  --version, --help

Exit status: 0 all as documented; 1 something is not; 2 wrong usage; 3 something could not be tested
Examples: bash check.sh --optional --tls; bash check.sh --as agent01 --listen --for 300"
}
HOW='give HOST PORT... or HOST:PORT...' SO_FAR='these are the results so far'

options() {
	local name value
	AS='' ROLE='' FORMAT=text MODE=check FOR='' PARALLEL=64 TIMEOUT=4 BUDGET=300
	OPTIONAL=0 STRICT=0 FORCE=0 WITH_TLS=0 WORDS=() STOPPED=''
	while (($#)); do
		if [[ $1 =~ ^--(as|role|format|for|parallel|timeout|budget)(=(.*))?$ ]]; then
			name=${BASH_REMATCH[1]} value=${BASH_REMATCH[3]}
			[[ ${BASH_REMATCH[2]} || $# == 1 ]] || { shift && value=$1; }
			[[ $value ]] || die "--$name wants a value; --help has examples"
			case $name in
				for | parallel | budget) [[ $value =~ ^[1-9][0-9]{0,5}$ ]] || die "--$name wants a whole number, not '$value'" ;;
				timeout) [[ $value =~ ^[0-9]{1,4}(\.[0-9]{1,2})?$ ]] || die "--timeout wants seconds, such as 0.5, not '$value'" ;;
			esac
			printf -v "${name^^}" %s "$value"
			shift
			continue
		fi
		case $1 in
			--optional) OPTIONAL=1 ;;
			--strict) STRICT=1 ;;
			--force) FORCE=1 ;;
			--tls) WITH_TLS=1 ;;
			--listen | --local) MODE=${MODE/check/}${1#--} ;;
			--version) echo "Port Atlas check script $GENERATOR${SITE:+ of $SITE, release $RELEASE}, data $DATA" && exit ;;
			-h | --help) usage && exit ;;
			--?*=*) die "$1: ${1%%=*} is no option that takes a value; --help lists them" ;;
			-*) die "unknown option '$1'; --help lists them" ;;
			*) WORDS+=("$1") ;;
		esac
		shift
	done
	among "$MODE" check listen local || die '--listen or --local, once'
	[[ $MODE == listen || ! $FOR ]] || die '--for goes with --listen'
	among "$FORMAT" text json junit tap || die "--format wants text, json, junit or tap, not '$FORMAT'"
	[[ $MODE == check ]] || among "$FORMAT" text json || die "--$MODE has no --format $FORMAT: text or json"
	[[ ! $SITE || ! ${WORDS[*]} || $FORCE == 1 ]] || die "HOST PORT wants --force; the documented flows are tried without any"
	[[ $MODE == check || $SITE && ! ${WORDS[*]} ]] || die "--$MODE: only on a documented host, without HOST PORT..."
	[[ $SITE || ${WORDS[*]} ]] || die "$HOW; --help has examples"
	[[ $TIMEOUT == *.* ]] || TIMEOUT+=.
	value=${TIMEOUT#*.}00
	TIMEOUT=$((10#${TIMEOUT%.*}${value:0:2})) # in hundredths of a second
	((TIMEOUT >= 10)) || die '--timeout wants 0.1 seconds or more'
	((WANTED = PARALLEL < 2 ? 1 : 2))
}
asked_for() { # HOST PORT... or HOST:PORT...
	local word host='' numbers part
	ME_GROUP='' ME='' ME_NAME=${HOSTNAME,,} OWN=1 ROLE='' OPTIONAL=1
	for word; do
		numbers=$word
		if [[ $word =~ ^\[([0-9A-Fa-f:.%]+)\](:([0-9,-]+))?$ ]]; then
			host=${BASH_REMATCH[1]} numbers=${BASH_REMATCH[3]:-}
		elif [[ $word =~ ^([^:]+):([0-9,-]+)$ ]]; then
			host=${BASH_REMATCH[1]} numbers=${BASH_REMATCH[2]}
		elif [[ ! $word =~ ^[0-9,-]+$ ]]; then
			host=$word numbers=''
		fi
		[[ $host =~ ^[A-Za-z0-9_][A-Za-z0-9._%:-]*$|^:[0-9A-Fa-f:.]+$ ]] || die "'$host' is no host; $HOW"
		for part in ${numbers//,/ }; do
			[[ $part =~ ^[1-9][0-9]{0,4}(-[1-9][0-9]{0,4})?$ && ${part#*-} -lt 65536 && ${part%-*} -le ${part#*-} ]] ||
				die "'$part' is no port; $HOW"
			number "$part"
			add "asked:$host:$part" '' '' "$host" asked tls '' ''
			find_machines "$host"
			if [[ $host =~ ^[0-9.]+$|: ]]; then F_DIALS[-1]=$host; elif found; then F_DIALS[-1]=${M_ADDR[${FOUND[0]#*=}]}; fi
		done
	done
	among asked "${F_NEED[@]}" || die "no port given; $HOW"
}

# ----- small helpers

note() { printf '%s\n' "$*" >&2; }
die() {
	note "check.sh: $*"
	exit 2
}
unwritten() {
	((STATUS)) || STATUS=3
	note 'the results cannot be written'
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

GROUP=() M_NAME=() M_ADDR=() # groups, machines
declare -A FIRST=() SIZE=() NETWORK=() IS=() TITLE=() # of groups; IS of names and addresses
F_ID=() F_PORT=() F_FROM=() F_TO=() F_NUMBERS=() # flows
F_OVER=() F_SCOPE=() F_NEED=() F_CIPHER=() F_DIALS=() F_NOTE=()
S_END=() # who serves what: GROUP.ROLE

number() { # NUMBERS[/TRANSPORT/SCOPE]: sets NUMBERS, OVER and SCOPE
	NUMBERS=${1%%/*} OVER=tcp SCOPE=network
	[[ $1 != */* ]] || OVER=${1%/*} OVER=${OVER#*/} SCOPE=${1##*/}
}
add() { # ID PORT FROM TO REQUIREMENT ENCRYPTION DIALS NOTE: a flow to NUMBERS
	F_ID+=("$1") F_PORT+=("$2") F_FROM+=("$3") F_TO+=("$4") F_NEED+=("$5") F_CIPHER+=("$6") F_DIALS+=("$7") F_NOTE+=("$8")
	F_NUMBERS+=("$NUMBERS") F_OVER+=("$OVER") F_SCOPE+=("$SCOPE")
}

# ----- formats for programs

quoted() { # TEXT...: sets Q, JSON strings
	local text
	Q=()
	for text; do
		text=${text//\\/\\\\}
		text=${text//\"/\\\"}
		[[ $text ]] && Q+=("\"${text//[[:cntrl:]]/ }\"") || Q+=(null)
	done
}
list() { # TEXT...: sets LIST, a JSON array
	local IFS=,
	quoted "$@"
	LIST="[${Q[*]}]"
}
members() { # KEY...: of the values in Q
	local key at=0
	for key; do printf ', "%s": %s' "$key" "${Q[at++]}"; done
}
json_head() { # KIND
	look_around
	list "${MY_NAMES[@]}"
	local names=$LIST
	list "${MY_ADDRS[@]}"
	quoted "$1" "$SITE" "$RELEASE" "$DATA" "$GENERATOR" "$STARTED" "$ME_NAME" "$ME_GROUP"
	printf '{"schema": 1'
	members kind site release data generator started
	printf ', "host": {"name": %s, "group": %s, "names": %s, "addresses": %s}' "${Q[@]:6}" "$names" "$LIST"
}
json_probe() {
	local f=${P_FLOW[$1]}
	quoted "${F_ID[f]}" "${F_PORT[f]}" "$ME_NAME" "${P_HOST[$1]}" "${P_AT[$1]%/*}" "${F_OVER[f]}" "${F_SCOPE[f]}" \
		"${F_NEED[f]}" "${OUT[$1]}" "$REASON" "$ACT" "$ADVICE" "$LINK${OUT[$1]}" "${TLS[$1]%%|*}" "${TLS[$1]#*|}"
	printf '%.*s\n {"number": %s' "$(($1 > 0))" , "${P_AT[$1]##*/}"
	members flow port from to address transport scope requirement outcome reason act advice url
	[[ ${TLS[$1]} ]] && printf ', "tls": {"protocol": %s, "certificate_until": %s}' "${Q[13]}" "${Q[14]/#null/\"\"}"
	printf '}'
}
xml() { # TEXT...: sets X
	local text
	X=()
	for text; do
		text=${text//&/"&amp;"}
		text=${text//</"&lt;"}
		X+=("${text//\"/"&quot;"}")
	done
}
junit_probe() {
	xml "${F_ID[P_FLOW[$1]]}" "$ENDS" "$REASON ${ADVICE:+The $ACT team acts: $ADVICE. }$LINK${OUT[$1]}"
	printf '<testcase classname="%s" name="%s">' "${X[@]:0:2}"
	case ${OUT[$1]} in
		open | blocked-as-expected) ;;
		cannot-test) printf '<skipped message="%s"/>' "${X[2]}" ;;
		*) printf '<failure type="%s" message="%s"/>' "${OUT[$1]}" "${X[2]}" ;;
	esac
	printf '</testcase>\n'
}
tap_probe() {
	local said="$(($1 + 1)) - ${F_ID[P_FLOW[$1]]} $ENDS"
	said=${said//#/\\#}
	case ${OUT[$1]} in
		open | blocked-as-expected) echo "ok $said" ;;
		cannot-test) echo "ok $said # SKIP $REASON" ;;
		*) printf 'not ok %s\n  ---\n  outcome: %s\n  act: %s\n  ...\n' "$said" "${OUT[$1]}" "$ACT" ;;
	esac
}
report() {
	local i all=${#P_AT[@]} complete=true
	[[ $STOPPED ]] && complete=false
	case $FORMAT in
		json)
			json_head check-results
			printf ', "seconds": %s, "complete": %s, "exit": %s, "left_out": %s, "results": [' "$ELAPSED" "$complete" "$STATUS" "$LEFT_OUT"
			;;
		junit)
			printf '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites><testsuite name="%s" tests="%s" failures="%s" skipped="%s" time="%s">\n' \
				"${SITE:-check}" "$all" "$WRONG" "$UNTESTED" "$ELAPSED"
			;;
		tap) printf 'TAP version 13\n1..%s\n' "$all" || return ;;
		text)
			text_report
			return
			;;
	esac
	for ((i = 0; i < all; i++)); do
		TLS[i]=${TLS[i]:-}
		advise "$i"
		case $FORMAT in json) json_probe "$i" ;; junit) junit_probe "$i" ;; *) tap_probe "$i" ;; esac
	done
	case $FORMAT in json) printf '\n]}\n' ;; junit) echo '</testsuite></testsuites>' ;; esac
}

#@SITE@
# ----- the documented hosts and flows

about() { SITE=$1 RELEASE=$2 DATA=$3 GENERATOR=$4 LINK="${5:-}/check/#outcome-"; }
data() {
#@DATA@
}

main "$@"
