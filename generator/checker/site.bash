# ----- --local and --listen: this host's own ports

declare -A LABEL=() TROUBLE=() CAME=()
MINE=()

own_ports() { # SCOPES: sets MINE, NUMBER/TRANSPORT, and LABEL
	local i n port
	for i in "${!S_END[@]}"; do
		number "${S_WHAT[i]}"
		[[ ${S_END[i]%%.*} == "$ME_GROUP" && $1 == *"$SCOPE"* ]] || continue
		[[ ! $ROLE || ${S_END[i]#*.} == "$ROLE" ]] || continue
		for ((n = ${NUMBERS%-*}; n <= ${NUMBERS#*-}; n++)); do
			port=$n/$OVER
			[[ ${LABEL[$port]:-} ]] || MINE+=("$port")
			LABEL[$port]+="${LABEL[$port]:+, }${S_TITLE[i]}"
		done
	done
}
ports_report() { # KIND OTHERWISE
	ports "$@" 2>/dev/null || unwritten
	exit "$STATUS"
}
ports() { # KIND OTHERWISE
	local port comma='' who came
	if [[ $FORMAT == json ]]; then
		json_head "$1"
		printf ', "exit": %s, "ports": [' "$STATUS"
		for port in "${MINE[@]}"; do
			came=()
			for who in ${CAME[$port]:-}; do came+=("$who"); done
			list "${came[@]}"
			quoted "${port#*/}" "${LABEL[$port]}" "${TROUBLE[$port]:-}"
			printf '%s\n {"number": %s, "transport": %s, "for": %s, "trouble": %s, "came": %s}' "$comma" "${port%/*}" "${Q[@]}" "$LIST"
			comma=,
		done
		printf '\n]}\n'
	else
		for port in "${MINE[@]}"; do printf '%-6s %s: %s\n' "${port%/tcp}" "${TROUBLE[$port]:-${CAME[$port]:-$2}}" "${LABEL[$port]}" || return; done
		((${#MINE[@]})) || echo "$ME_NAME serves nothing."
	fi
}
local_ports() {
	local line port b='[[:blank:]]'
	own_ports 'network loopback'
	command -v ss netstat >/dev/null || { note '--local needs ss or netstat' && exit 3; }
	while read -r line; do
		[[ $line =~ ^(tcp|udp)6?$b.*:([0-9]+)$b ]] || continue
		port=${BASH_REMATCH[2]}/${BASH_REMATCH[1]}
		[[ ${LABEL[$port]:-} ]] || continue
		STATUS=1 TROUBLE[$port]='taken; only root may see by whom'
		[[ $line =~ \"([^\"]+)\",pid=([0-9]+) ]] && TROUBLE[$port]="taken by ${BASH_REMATCH[1]}, process ${BASH_REMATCH[2]}"
		[[ $line =~ $b([0-9]+)/([^[:blank:]]+) ]] && TROUBLE[$port]="taken by ${BASH_REMATCH[2]}, process ${BASH_REMATCH[1]}"
	done < <(ss -ltunp 2>/dev/null || netstat -ltunp 2>/dev/null)
	ports_report check-local free
}
listen_with() { # PROGRAM SECONDS PORT...
	local port how=-p
	case $1 in # python3: IPv6, too
		python3)
			exec python3 -c '
import os, select, socket, sys, time
both, on = socket.has_dualstack_ipv6(), {}
for port in sys.argv[2:]:
	try:
		kind = socket.AF_INET6 if both else socket.AF_INET
		on[socket.create_server(("", int(port)), family=kind, dualstack_ipv6=both)] = port
	except OSError as error:
		print("failed", port, os.strerror(error.errno), flush=True)
print("ready", flush=True)
end = time.monotonic() + float(sys.argv[1])
while on and time.monotonic() < end:
	for one in select.select(list(on), [], [], 1)[0]:
		other, who = one.accept()
		print("came", on[one], who[0].replace("::ffff:", ""), flush=True)
		other.close()' "${@:2}"
			;;
		perl)
			exec perl -MIO::Socket::INET -MIO::Select -e '
$| = 1; my ($for, @ports) = @ARGV; my ($all, %on) = IO::Select->new;
for my $port (@ports) {
	my $one = IO::Socket::INET->new(LocalPort => $port, Listen => 64, ReuseAddr => 1);
	if ($one) { $all->add($one); $on{$one} = $port } else { print "failed $port $!\n" }
}
print "ready\n"; my $end = time + $for;
while ($all->count and time < $end) {
	for my $one ($all->can_read(1)) {
		my $other = $one->accept or next;
		print "came $on{$one} ", $other->peerhost, "\n";
	}
}' "${@:2}"
			;;
		nc) # does not say who came
			[[ $(nc -h 2>&1) == *OpenBSD* ]] && how=-n
			trap 'kill $(jobs -p); exit' TERM
			for port in "${@:3}"; do nc -lk "$how" "$port" </dev/null >/dev/null 2>&1 & done
			echo ready && wait
			;;
	esac
}
say() { # TEXT: at once; of JSON, not into the document
	if [[ $FORMAT == json ]]; then note "$1"; else echo "$1" 2>/dev/null; fi
}
listen() { # SECONDS
	local word port who with='' ports=() at listener
	own_ports network
	for port in "${MINE[@]}"; do
		if [[ $port == */tcp ]]; then ports+=("${port%/*}"); else TROUBLE[$port]='not opened, only TCP is'; fi
	done
	command -v nc >/dev/null && with=nc
	perl -MIO::Socket::INET -e 1 2>/dev/null && with=perl
	python3 -c 'import socket; socket.has_dualstack_ipv6' 2>/dev/null && with=python3
	[[ $with ]] || { note '--listen needs python3, perl or nc' && exit 3; }
	((${#ports[@]})) || ports_report check-listen ''
	exec {at}< <(listen_with "$with" "$1" "${ports[@]}")
	listener=$!
	say "$ME_NAME listens for $1 s with $with on: ${ports[*]}"
	END=$((NOW + 3000)) # to start it; its time counts from there
	while ((NOW < END)) && [[ ! $STOPPED ]]; do
		now
		read -r -t 0.2 -u "$at" word port who
		case $? in 0) ;; 1) break ;; *) continue ;; esac # 1: ended; more: nothing said
		if [[ $word == ready ]]; then
			END=$((NOW + $1 * 100))
		elif [[ $word == failed ]]; then
			STATUS=1 TROUBLE[$port/tcp]="cannot be opened, $who"
			say "$port cannot be opened: $who"
		elif [[ "${CAME[$port/tcp]:-} " != *" $who "* ]]; then
			CAME[$port/tcp]+=" $who"
			say "$who came to $port (${LABEL[$port/tcp]})"
		fi
	done
	kill "$listener" 2>/dev/null
	while read -r -u "$at" word; do :; done
	ports_report check-listen 'nobody came'
}

# ----- reading the data

S_TITLE=() S_WHAT=() SERVING='' # of each S_END

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
serves() { # PORT TITLE NUMBERS ["ROLE: GROUP..."], those of the line before
	local end role
	PORT=$1 TITLE[$1]=$2
	number "$3"
	SERVING=${4:-$SERVING}
	for end in $SERVING; do
		[[ $end == *: ]] && role=${end%:} && continue
		S_END+=("$end.$role") S_TITLE+=("$2") S_WHAT+=("$3")
	done
}
PORT='' TO='' FROM='' # of the line before, which holds where a line says nothing
flow() { # ENCRYPTION ">LISTENER[.ROLE] [REQUIREMENT:] INITIATOR[.ROLE]..." [BEHIND [DIALS [NUMBERS [PORT]]]]
	local end need # or: never FROM>TO WHY RULE NUMBERS PORT
	[[ ! ${5:-} ]] || number "$5"
	PORT=${6:-$PORT}
	if [[ $1 == never ]]; then
		add "must-not:$4:$PORT:$2" "$PORT" "${2%>*}" "${2#*>}" never unknown '' "$3"
		return
	fi
	for end in $2; do
		case $end in
			'>'*.*) TO=${end#>} need=always ;;
			'>'*) TO=${end#>}.${TO#*.} need=always ;; # the role of the one before
			*:) need=${end%:} ;;
			*)
				[[ $end == *.* ]] || end+=.${FROM#*.}
				FROM=$end
				add "$PORT:$end>$TO" "$PORT" "${end%.*}" "${TO%.*}" "$need" "$1" "${4:-}" "${3:-}"
				;;
		esac
	done
}
DOMAIN='' # of the line before, for a name that ends in a dot
host() { # GROUP NAMES ADDRESSES [SIZE [NETWORK]]
	local first=${#M_NAME[@]} m n pattern
	GROUP+=("$1") FIRST[$1]=$first SIZE[$1]=${4:-1}
	[[ ${5:-} ]] && NETWORK[$1]=$5
	for ((n = first; n < first + ${4:-1}; n++)); do M_NAME[n]='' M_ADDR[n]=''; done
	for pattern in ${2:-}; do
		[[ $pattern != *. ]] || pattern+=$DOMAIN
		DOMAIN=${pattern#*.}
		expand "$pattern"
		for n in "${!EXPANDED[@]}"; do
			m=$((first + n)) pattern=${EXPANDED[n],,}
			M_NAME[m]=${EXPANDED[n]} IS[$pattern]+=" $1=$m" IS[short:${pattern%%.*}]+=" $1=$m"
		done
	done
	for pattern in ${3:-}; do
		expand "$pattern"
		for n in "${!EXPANDED[@]}"; do
			m=$((first + n))
			M_ADDR[m]+=" ${EXPANDED[n]}" IS[${EXPANDED[n],,}]+=" $1=$m"
		done
	done
}
