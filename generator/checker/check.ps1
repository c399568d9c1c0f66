# Port Atlas check script: tries the documented flows that start at this host, and says which of
# them does not work and who has to act. It runs as an ordinary user, sends nothing over what it
# connects, changes nothing here and writes no file. What it does, in this order (see the end):
#
#   1. Who am I?        this host's names and addresses against the documented hosts
#   2. What to dial?    the flows that this host starts, each to the address that it dials
#   3. Dial             many connections at once, a silent port twice
#   4. Judge            what it means, and who has to act; then the report
#
# After that come the dull parts: reading the data, other formats, -Local, -Listen, options. The
# documented hosts and flows are in Add-Data: texts in single quotes, and nothing of them is run.
#
# Needs Windows PowerShell 5.1 and no module. Where a policy forbids scripts:
#   powershell -ExecutionPolicy Bypass -File check.ps1
#Requires -Version 5.1

if ($ExecutionContext.SessionState.LanguageMode -ne 'FullLanguage') {
    Write-Error 'A policy of this host lets no script open a connection (no FullLanguage mode).'
    exit 2
}
Set-StrictMode -Version 2
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$Invariant = [System.Globalization.CultureInfo]::InvariantCulture
$Words = @($args)

# ----- 1. Who am I?

$MyNames = @()
$MyAddresses = @()
$Me = $null # the machine that we are
$Own = $true # do we run on it?
$DialFrom = @() # its documented addresses,
$DialInstead = @() # or these, where this host does not have them all and none of a family

function Find-Self {
    $name = [System.Net.Dns]::GetHostName().ToLowerInvariant()
    $script:MyNames = @($name)
    $full = $name + '.' + [System.Net.NetworkInformation.IPGlobalProperties]::GetIPGlobalProperties().DomainName
    if ($full -match '\.(\(none\))?$') {
        $full = ''
        try { $full = [System.Net.Dns]::GetHostEntry($name).HostName } catch { $full = '' }
    }
    $full = $full.ToLowerInvariant()
    if ((-not $name.Contains('.')) -and $full.Contains('.') -and ($full -cnotmatch '^localhost')) {
        $script:MyNames += $full
    }
    foreach ($card in [System.Net.NetworkInformation.NetworkInterface]::GetAllNetworkInterfaces()) {
        foreach ($one in $card.GetIPProperties().UnicastAddresses) {
            $address = $one.Address.ToString()
            if ($address -notmatch '^(127\.|::1$|fe80:)') { $script:MyAddresses += $address }
        }
    }
}

# The machines with these names and addresses, or with these first labels of names (short:LABEL)
function Find-Machines($Sought) {
    $found = New-Object System.Collections.ArrayList
    foreach ($word in $Sought) {
        foreach ($machine in $script:MachinesBy[$word.ToLowerInvariant()]) {
            if (-not $found.Contains($machine)) { [void]$found.Add($machine) }
        }
    }
    $found.ToArray()
}

# Of several machines it is not known which.
function Find-AnyOf([string]$Group) {
    $machines = $script:MachinesOf[$Group]
    if ($machines.Length -eq 1) { return $machines[0] }
    New-Machine $Group -1
}

# The machines that this host may be
function Find-Identity {
    $sought = $script:MyNames + $script:MyAddresses
    # A bare host name will do where this host does not know its domain.
    if (-not ($script:MyNames -join ' ').Contains('.')) { $sought += 'short:' + $script:MyNames[0] }
    $found = @(Find-Machines $sought)
    if ($found.Length -gt 0) { return $found }
    foreach ($group in $script:Groups) {
        if ($group.Network -eq '') { continue }
        foreach ($address in $script:MyAddresses) {
            if (Test-InNetwork $address $group.Network) {
                Find-AnyOf $group.Id
                break
            }
        }
    }
}

# The machines that -As may mean: by name or address, else by the first label, else of the group
function Find-Named([string]$Name) {
    $found = @(Find-Machines @($Name))
    if ($found.Length -eq 0) { $found = @(Find-Machines @("short:$Name")) }
    if (($found.Length -eq 0) -and $script:MachinesOf.ContainsKey($Name)) { $found = @(Find-AnyOf $Name) }
    $found
}

function Test-Role([string]$Group, [string]$Role) {
    $starts = @($script:Flows | Where-Object { ($_.From -ceq $Group) -and ($_.Role -ceq $Role) })
    $serves = @($script:Serves | Where-Object { ($_.Group -ceq $Group) -and ($_.Role -ceq $Role) })
    ($starts.Length + $serves.Length) -gt 0
}

# Sets who we are, or ends with what has to be said
function Select-Identity([string]$As, [string]$Role, [bool]$Force) {
    $all = $script:Groups.Id -join ' '
    $known = @(Find-Identity)
    $found = $known
    if ($As -ne '') {
        $found = @(Find-Named $As)
        if ($found.Length -eq 0) { Stop-Check "-As ${As}: no such host at ${Site}; there are $all" }
        if ($found.Length -gt 1) { Stop-Check "-As ${As}: could be $($found.Group -join ' '); give its full name" }
        $same = $known.Length -eq 0
        foreach ($one in $known) {
            if ($one.Group -cne $found[0].Group) { continue }
            if ($found[0].Number -eq -1) { $found = @($one) } # of a group this host itself
            if ($found[0].Number -eq $one.Number) { $same = $true }
        }
        if (-not $same) {
            if (-not $Force) {
                Stop-Check "this host is $($known[0].Name), not ${As}; -Force tries its flows"
            }
            $script:Own = $false
        }
    } elseif (($found.Length -eq 0) -and ($Role -ne '')) {
        foreach ($group in $script:Groups) {
            if (Test-Role $group.Id $Role) { $found += Find-AnyOf $group.Id }
        }
        if ($found.Length -eq 0) { Stop-Check "-Role ${Role}: nobody has it at $Site" }
        if ($found.Length -gt 1) { Stop-Check "-Role ${Role}: $($found.Group -join ' ') have it; say which with -As" }
    }
    if ($found.Length -ne 1) {
        $guess = 'none of the documented hosts'
        if ($found.Length -gt 1) { $guess = 'perhaps ' + ($found.Group -join ' ') }
        $here = ($script:MyNames + $script:MyAddresses) -join ' '
        Stop-Check "this host ($here) is $guess at ${Site}; say which with -As: $all"
    }
    $script:Me = $found[0]
    $group = $script:Me.Group
    if (($Role -ne '') -and (-not (Test-Role $group $Role))) { Stop-Check "-Role ${Role}: $group does not have it" }
    Set-From
}

# Sets what we dial from, and says so where this host lacks what is documented for it
function Set-From {
    $lost = @()
    foreach ($address in $script:Me.Addresses) {
        if ($script:Own -and ($script:MyAddresses.Length -gt 0) -and (-not (Test-Here $address))) {
            $lost += $address
        } else {
            $script:DialFrom += $address
        }
    }
    if ($lost.Length -eq 0) { return }
    $script:DialInstead = $script:MyAddresses
    $has = $script:MyAddresses -join ' '
    Write-Note "this host does not have $($lost -join ' '), documented for $($script:Me.Name); it has $has"
}

function Test-Here([string]$Address) {
    ($Address -match '^(127\.|::1$)') -or ($script:MyAddresses -contains $Address)
}

# ----- 2. What to dial?

$Probes = New-Object System.Collections.ArrayList
$Answers = New-Object System.Collections.Hashtable # of the name service, by name, when all are there
$LeftOut = 0

function Add-OneProbe($Flow, [string]$To, [string]$Address, [int]$Number, [string]$WhyNot) {
    [void]$script:Probes.Add([pscustomobject]@{
        Flow = $Flow; To = $To; Address = $Address; Number = $Number; WhyNot = $WhyNot
        Outcome = ''; Why = ''; Act = 'none'; Advice = ''; Protocol = ''; Until = ''; Ended = $false
    })
}

# One probe for each address and number; with a WhyNot it is not dialled
function Add-Probe($Flow, [string]$To, $Addresses, [string]$WhyNot) {
    if ($Addresses.Length -eq 0) { $Addresses = @('') }
    foreach ($address in $Addresses) {
        foreach ($number in @(Get-Range $Flow.Numbers)) { Add-OneProbe $Flow $To $address $number $WhyNot }
    }
}

function Add-End($Flow, [string]$To, $Addresses) {
    $whyNot = ''
    if (($Addresses.Length -eq 0) -and ($To -ceq $Flow.To)) { $whyNot = 'no address is documented' }
    if ($Flow.Transport -ceq 'udp') { $whyNot = 'UDP: no answer means nothing' }
    Add-Probe $Flow $To $Addresses $whyNot
}

# Makes probes of the flows that this host starts
function Add-Probes([string]$Role, [bool]$Optional) {
    foreach ($flow in $script:Flows) {
        if ($flow.From -cne $script:Me.Group) { continue }
        if (($Role -ne '') -and ($flow.Role -cne $Role) -and ($flow.Need -cne 'never')) { continue }
        $dials = @(Split-Text $flow.Dials ' ')
        if (($flow.Need -ceq 'optional') -and (-not $Optional)) {
            $script:LeftOut++
        } elseif ($flow.Need -ceq 'asked') {
            Add-Probe $flow $flow.To $dials ''
        } elseif ($flow.Scope -ceq 'loopback') {
            if ($script:Own) {
                Add-Probe $flow $script:Me.Name @('127.0.0.1') ''
            } else {
                Add-Probe $flow $flow.To @('127.0.0.1') 'a loopback port of another host'
            }
        } elseif ($dials.Length -gt 0) {
            Add-End $flow $flow.To $dials # a load balancer's or a translated address
        } else {
            # every machine that listens, but never this one
            foreach ($machine in $script:MachinesOf[$flow.To]) {
                if (($flow.To -ceq $script:Me.Group) -and ($machine.Number -eq $script:Me.Number)) { continue }
                Add-End $flow $machine.Name $machine.Addresses
            }
        }
    }
}

# Is a name surely another machine's than this one?
function Test-Another([string]$Name) {
    if ((-not $script:Own) -or ($script:Me.Group -eq '')) { return $false }
    if ($script:Me.Number -ge 0) { return $true }
    $machines = @(Find-Machines @($Name))
    ($machines.Length -eq 0) -or ($machines[0].Group -cne $script:Me.Group)
}

# What the name service said: addresses, else why there is none and what to do (as in $Verdicts)
function Get-Answer([string]$Name, $Task, [int]$Seconds) {
    $answer = [pscustomobject]@{
        Addresses = @(); Why = 'The name has no address here.'; Advice = 'enter {1} in DNS or the hosts file'
    }
    $unheard = 'see to the name service of {3}, and to the way there (port 53)'
    if (-not $Task.IsCompleted) {
        $answer.Why = "The name service did not answer in $Seconds s."
        $answer.Advice = $unheard
    } elseif ($Task.IsFaulted) {
        $cause = $Task.Exception.GetBaseException()
        if (($cause -is [System.Net.Sockets.SocketException]) -and
            (@('TryAgain', 'NoRecovery') -ccontains [string]$cause.SocketErrorCode)) {
            $answer.Why = 'The name service cannot be reached, or failed.'
            $answer.Advice = $unheard
        }
    } else {
        foreach ($one in $Task.Result) {
            $address = $one.ToString()
            # Without IPv6 of its own it reaches none.
            if ($address.Contains(':') -and (-not ($script:MyAddresses -match ':'))) { continue }
            if ((Test-Here $address) -and (Test-Another $Name)) {
                $answer.Why = "The name leads to this host itself, $address."
                $answer.Advice = 'correct {1} in DNS or the hosts file'
            } else {
                $answer.Addresses += $address
            }
        }
    }
    $answer
}

# Gives each probe without an address all addresses of its name; none if there is no time for all
function Find-Addresses([double]$Timeout, [int]$Budget) {
    $nameless = @($script:Probes | Where-Object { ($_.Address -eq '') -and ($_.WhyNot -eq '') })
    $heard = New-Object System.Collections.Hashtable
    $names = New-Object System.Collections.ArrayList
    foreach ($probe in $nameless) {
        if ($heard.ContainsKey($probe.To)) { continue }
        $heard[$probe.To] = $null
        [void]$names.Add($probe.To)
    }
    # A slow name service must not hold up the others.
    if ($names.Count -gt 0) { [void][System.Threading.ThreadPool]::SetMinThreads(64, 64) }
    $seconds = [Math]::Floor($Timeout) + 1
    for ($begin = 0; ($begin -lt $names.Count) -and (Test-Time $Budget); $begin += 32) {
        $asked = @()
        foreach ($name in $names.GetRange($begin, [Math]::Min(32, $names.Count - $begin))) {
            $asked += [pscustomobject]@{ Name = $name; Task = [System.Net.Dns]::GetHostAddressesAsync($name) }
        }
        $due = $script:Clock.Elapsed.TotalSeconds + $seconds
        while (($script:Clock.Elapsed.TotalSeconds -lt $due) -and @($asked | Where-Object { -not $_.Task.IsCompleted })) {
            Start-Sleep -Milliseconds 10
        }
        foreach ($one in $asked) { $heard[$one.Name] = Get-Answer $one.Name $one.Task $seconds }
    }
    if ($script:Stopped -eq 'budget') { return }
    foreach ($probe in $nameless) {
        foreach ($address in $heard[$probe.To].Addresses) {
            if ($probe.Address -eq '') {
                $probe.Address = $address
            } else {
                Add-OneProbe $probe.Flow $probe.To $address $probe.Number ''
            }
        }
    }
    $script:Answers = $heard
}

# ----- 3. Dial

$Clock = [System.Diagnostics.Stopwatch]::StartNew()
$Stopped = '' # signal, as long as it dials or listens, so that Ctrl-C leaves it so; budget, if that is over
$TargetOf = New-Object System.Collections.Hashtable # ADDRESS/PORT: what became of it

$Meaning = @{ # of a failure, by the name of the socket's error: the outcome, and bash's words for it
    'ConnectionRefused' = @('refused', 'Connection refused')
    'TimedOut' = @('filtered', 'Connection timed out')
    'AccessDenied' = @('filtered', 'Permission denied')
    'HostUnreachable' = @('unreachable', 'No route to host')
    'HostDown' = @('unreachable', 'Host is down')
    'NetworkUnreachable' = @('unreachable', 'Network is unreachable')
    'NetworkDown' = @('unreachable', 'Network is unreachable')
    'AddressNotAvailable' = @('cannot-test', 'Cannot assign requested address: this host has none of that kind')
    'InvalidArgument' = @('unreachable', 'No route')
    'ProtocolOption' = @('unreachable', 'Protocol not available') # these three are answers by ICMP
    'OperationNotSupported' = @('unreachable', 'Operation not supported')
    'MessageSize' = @('unreachable', 'Message too long')
}
# Windows says so of its own firewall, others of one that answers.
if ([Environment]::OSVersion.Platform -ne 'Win32NT') { $Meaning['AccessDenied'] = @('unreachable', 'Permission denied') }

function Test-Time([int]$Budget) {
    if ($script:Clock.Elapsed.TotalSeconds -lt $Budget) { return $true }
    $script:Stopped = 'budget'
    return $false
}

function Set-Failure($Target, $Failure) {
    $cause = $Failure.GetBaseException()
    $said = @('cannot-test', $cause.Message)
    if ($cause -is [System.Net.Sockets.SocketException]) {
        $code = [string]$cause.SocketErrorCode
        if ($script:Meaning.ContainsKey($code)) { $said = $script:Meaning[$code] }
    }
    $Target.Outcome = $said[0]
    $Target.Said = $said[1]
}

# Begins to dial; nothing where that fails at once
function Start-Dial($Target, [double]$Timeout) {
    try {
        $address = [System.Net.IPAddress]::Parse($Target.Address)
    } catch {
        $Target.Outcome = 'unresolved' # digits and dots that are no address
        return
    }
    try {
        $client = New-Object System.Net.Sockets.TcpClient $address.AddressFamily
        $task = $client.ConnectAsync($address, $Target.Number)
        $due = $script:Clock.Elapsed.TotalSeconds + $Timeout
        [pscustomobject]@{ Target = $Target; Client = $client; Task = $task; Due = $due }
    } catch {
        Set-Failure $Target $_.Exception
    }
}

# Dials these targets, so many at once
function Invoke-Round($Waiting, [int]$Parallel, [double]$Timeout, [int]$Budget) {
    $next = 0
    $live = New-Object System.Collections.ArrayList
    try {
        while ((($next -lt $Waiting.Length) -or ($live.Count -gt 0)) -and (Test-Time $Budget)) {
            while (($next -lt $Waiting.Length) -and ($live.Count -lt $Parallel)) {
                foreach ($dial in @(Start-Dial $Waiting[$next] $Timeout)) { [void]$live.Add($dial) }
                $next++
            }
            $left = New-Object System.Collections.ArrayList
            $now = $script:Clock.Elapsed.TotalSeconds
            foreach ($dial in $live) {
                # Completed first: it may fail between the two questions, and would count as open.
                if ($dial.Task.IsCompleted) {
                    if ($dial.Task.IsFaulted) {
                        Set-Failure $dial.Target $dial.Task.Exception
                    } else {
                        $dial.Target.Outcome = 'open'
                    }
                } elseif ($now -ge $dial.Due) {
                    $dial.Target.Silent++
                } else {
                    [void]$left.Add($dial)
                    continue
                }
                $dial.Client.Close()
            }
            if ($left.Count -eq $live.Count) { Start-Sleep -Milliseconds 5 }
            $live = $left
        }
    } finally {
        foreach ($dial in $live) { $dial.Client.Close() }
    }
}

# Dials each address and port once, and the silent ones twice
function Invoke-Dial([int]$Parallel, [double]$Timeout, [int]$Budget) {
    # Windows asks a closed port again for 2 s before it says so; until then it looks like a silent one.
    if ([Environment]::OSVersion.Platform -eq 'Win32NT') { $Timeout = [Math]::Max($Timeout, 3.0) }
    $targets = New-Object System.Collections.ArrayList
    foreach ($probe in $script:Probes) {
        $key = "$($probe.Address)/$($probe.Number)"
        if (($probe.Address -eq '') -or ($probe.WhyNot -ne '') -or $script:TargetOf.ContainsKey($key)) { continue }
        $script:TargetOf[$key] = [pscustomobject]@{
            Address = $probe.Address; Number = $probe.Number; Outcome = ''; Said = ''; Silent = 0
        }
        [void]$targets.Add($script:TargetOf[$key])
    }
    Invoke-Round @($targets) $Parallel $Timeout $Budget
    Invoke-Round @($targets | Where-Object { $_.Silent -eq 1 }) $Parallel $Timeout $Budget
}

# The TLS of an open port: any certificate will do, since nothing is sent; nothing where it fails
function Read-Tls($Probe, [double]$Timeout, [string]$Protocols) {
    $address = [System.Net.IPAddress]::Parse($Probe.Address)
    $client = New-Object System.Net.Sockets.TcpClient $address.AddressFamily
    try {
        if (-not $client.ConnectAsync($address, $Probe.Number).Wait([int]($Timeout * 1000))) { return }
        $client.ReceiveTimeout = [int]($Timeout * 1000)
        $client.SendTimeout = [int]($Timeout * 1000)
        $any = [System.Net.Security.RemoteCertificateValidationCallback]{ $true }
        $tls = New-Object System.Net.Security.SslStream -ArgumentList @($client.GetStream(), $false, $any)
        $tls.AuthenticateAsClient($Probe.To, $null, [System.Security.Authentication.SslProtocols]$Protocols, $false)
        $Probe.Protocol = ([string]$tls.SslProtocol) -replace '^Tls1', 'TLSv1.' -replace '^Tls$', 'TLSv1'
        $end = (New-Object System.Security.Cryptography.X509Certificates.X509Certificate2 $tls.RemoteCertificate).NotAfter.ToUniversalTime()
        $Probe.Ended = $end -lt [DateTime]::UtcNow
        $day = $end.Day.ToString($Invariant).PadLeft(2)
        $Probe.Until = $end.ToString('MMM', $Invariant) + " $day " + $end.ToString('HH:mm:ss yyyy', $Invariant) + ' GMT'
    } catch {
        return # it is no TLS, or none that this host speaks
    } finally {
        $client.Close()
    }
}

# Adds protocol and end date of the certificate where TLS is documented
function Add-Tls([double]$Timeout, [int]$Budget) {
    # All that this .NET knows; and where Windows does not know the newest of them, what it knows.
    $known = @([Enum]::GetNames([System.Security.Authentication.SslProtocols]) -match '^Tls') -join ', '
    foreach ($probe in $script:Probes) {
        $target = $script:TargetOf["$($probe.Address)/$($probe.Number)"]
        if (($probe.Flow.Cipher -cne 'tls') -or (-not $target) -or ($target.Outcome -cne 'open')) { continue }
        if (-not (Test-Time $Budget)) { return }
        Read-Tls $probe $Timeout $known
        if ($probe.Protocol -eq '') { Read-Tls $probe $Timeout 'Tls12' }
        if ($probe.Protocol -eq '') { $probe.Protocol = 'none' }
    }
}

# ----- 4. Judge

$Wrong = @()
$Open = 0
$Untested = 0
$Uncounted = 0
$Status = 0
$Written = $true

# By an outcome on which somebody has to act: why, which team, and what it has to do, where {0} is the
# port, {1} what is dialled, {2} this host with its addresses and {3} without
$Verdicts = @{
    'refused' = @(
        'Nothing listens there, it answers; or a firewall rejects it, perhaps this host''s.',
        'application', 'start what listens on {0} at {1}'
    )
    'filtered' = @(
        'No answer, twice: a firewall, perhaps this host''s, drops it or the answer; or the listener is overloaded.',
        'network', 'let {0} through from {2} to {1}'
    )
    'unreachable' = @(
        'no route, a machine that is off, or a firewall that rejects it.',
        'network', 'see to the route from {2} to {1}, the machine, or a firewall that rejects {0}'
    )
    'unresolved' = @('It is no address.', 'network', 'correct {1}')
    'open-but-forbidden' = @('It is open and must not be: ', 'network', 'close {0} from {2} to {1}')
}

# Sets outcome, reason and advice of a probe, by what was said to it
function Set-Outcome($Probe) {
    $target = $script:TargetOf["$($Probe.Address)/$($Probe.Number)"]
    $answer = $null # of the name service, where that has no address
    if ($Probe.Address -eq '') { $answer = $script:Answers[$Probe.To] }
    $said = ''
    $outcome = 'cannot-test'
    if ($Probe.WhyNot -ne '') {
        $said = $Probe.WhyNot
    } elseif ($answer) {
        $outcome = 'unresolved'
    } elseif ($target -and ($target.Outcome -ne '')) {
        $outcome = $target.Outcome
        $said = $target.Said
    } elseif ($target -and ($target.Silent -gt 0)) {
        $outcome = 'filtered'
    } elseif ($script:Stopped -eq 'budget') {
        $said = 'the time budget was over'
    } else {
        $said = 'interrupted'
    }
    $never = $Probe.Flow.Need -ceq 'never'
    if ($never -and ($outcome -ceq 'open')) { $outcome = 'open-but-forbidden' }
    if ($never -and (@('refused', 'filtered', 'unreachable') -ccontains $outcome)) {
        $outcome = 'blocked-as-expected'
        if ($said -eq '') { $said = 'no answer' }
    }
    if ($outcome -ceq 'open') { $said = 'reachable' }
    $Probe.Outcome = $outcome
    $Probe.Why = $said
    if (-not $script:Verdicts.ContainsKey($outcome)) { return }

    $why = $script:Verdicts[$outcome][0]
    $advice = $script:Verdicts[$outcome][2]
    if ($outcome -ceq 'unreachable') { $why = "${said}: $why" }
    if ($outcome -ceq 'open-but-forbidden') { $why += $Probe.Flow.Note }
    if ($outcome -ceq 'filtered') {
        if ($target.Silent -eq 1) { $why = $why.Replace('twice', 'and no time to try again') }
        if ($said -ceq 'Permission denied') { $why = 'This host itself forbids it, by a firewall of its own.' }
    }
    if ($answer) {
        $why = $answer.Why
        $advice = $answer.Advice
    }
    $where = $Probe.To
    if (($Probe.Address -ne '') -and ($Probe.Address -cne $where)) { $where += " ($($Probe.Address))" }
    $advice = $advice -f "$($Probe.Number)/$($Probe.Flow.Transport)", $where, (Get-From $Probe.Address), $script:Me.Name
    if ((-not $never) -and ($Probe.Flow.Note -ne '')) { $advice += "; behind it listens $($Probe.Flow.Note)" }
    $Probe.Why = $why
    $Probe.Act = $script:Verdicts[$outcome][1]
    $Probe.Advice = $advice
}

# This host, with its addresses of the same family as another one
function Get-From([string]$Other) {
    $six = $Other.Contains(':')
    $from = @($script:DialFrom | Where-Object { $_.Contains(':') -eq $six })
    if ($from.Length -eq 0) { $from = @($script:DialInstead | Where-Object { $_.Contains(':') -eq $six }) }
    if ($from.Length -eq 0) { return $script:Me.Name }
    "$($script:Me.Name) ($($from -join ' '))"
}

# Sets the outcome of every probe, and the counts
function Set-Verdict([bool]$Strict) {
    foreach ($probe in $script:Probes) {
        Set-Outcome $probe
        if (@('open', 'blocked-as-expected') -ccontains $probe.Outcome) {
            $script:Open++
        } elseif ($probe.Outcome -ceq 'cannot-test') {
            if ((-not $Strict) -and ($probe.WhyNot -cmatch '^(UDP|a loopback port)')) { $script:Uncounted++ }
            $script:Untested++
        } else {
            $script:Wrong += $probe
        }
    }
    if ($script:Untested -gt $script:Uncounted) { $script:Status = 3 }
    if ($script:Wrong.Length -gt 0) { $script:Status = 1 }
}

$Arrow = '->'
if ([Console]::OutputEncoding.CodePage -eq 65001) { $Arrow = [string][char]0x2192 }

# initiator -> listener address:port
function Get-Ends($Probe) {
    $address = $Probe.Address
    if ($address.Contains(':')) { $address = "[$address]" }
    if ($address -eq '') {
        $address = $Probe.To
    } elseif ($Probe.To -cne $Probe.Address) {
        $address = "$($Probe.To) $address"
    }
    "$($script:Me.Name) $script:Arrow ${address}:$($Probe.Number)"
}

# The sum first; then a paragraph for each wrong flow; then what was not tried
function Get-TextReport([string]$Elapsed) {
    $red = $green = $yellow = $plain = ''
    try { $colour = [bool]$Host.UI.SupportsVirtualTerminal } catch { $colour = $false }
    if ($colour -and (-not [Console]::IsOutputRedirected) -and (-not $env:NO_COLOR)) {
        $escape = [string][char]27
        $red = "$escape[1;31m"
        $green = "$escape[1;32m"
        $yellow = "$escape[1;33m"
        $plain = "$escape[0m"
    }
    $name = $script:Me.Name
    $all = $script:Probes.Count
    $well = 'as documented'
    if ($script:Me.Group -eq '') { $well = 'open' } # what was asked for is not documented
    if ($script:Status -eq 1) {
        "${red}Not well: $name, $($script:Wrong.Length) of $all ports not $well$plain"
    } elseif ($script:Status -eq 3) {
        $missed = $script:Untested - $script:Uncounted
        "${yellow}Nothing wrong found: $name, but $missed of $all ports could not be tested$plain"
    } elseif ($all -eq 0) {
        "${green}All well: $name starts no flow to try$plain"
    } else {
        "${green}All well: $name, $script:Open of $($all - $script:Untested) ports $well$plain"
    }
    if ($script:Site -ne '') {
        "$script:Site, release $script:Release, data $script:Data; $Elapsed s"
    } else {
        "$Elapsed s"
    }
    $like = [ordered]@{} # those that went wrong in the same way
    foreach ($probe in $script:Wrong) {
        $key = "$($probe.Flow.Index) $($probe.Outcome)"
        if (-not $like.Contains($key)) { $like[$key] = @() }
        $like[$key] += $probe
    }
    foreach ($alike in $like.Values) {
        $number = 0
        foreach ($probe in $alike) {
            $ends = Get-Ends $probe
            if ($number -eq 0) {
                ''
                $title = [string]$script:Titles[$probe.Flow.Port]
                if ($title -ne '') { $title = "  $title" }
                "$red$($probe.Outcome)$plain  $ends$title"
                "  $($probe.Why)"
                "  The $($probe.Act) team acts: $($probe.Advice)."
                "  More: $script:Link$($probe.Outcome)"
            } elseif ($number -gt 6) {
                '    and more; -Format json has them all'
                break
            } else {
                if ($number -eq 1) { '  The same:' }
                "    $ends"
            }
            $number++
        }
    }
    $more = $script:Untested + $script:LeftOut + @($script:Probes | Where-Object { $_.Protocol -ne '' }).Length
    if (($script:Wrong.Length -gt 0) -and ($more -gt 0)) { '' }
    foreach ($probe in $script:Probes) {
        if ($probe.Protocol -eq '') { continue }
        $tls = "$($probe.Protocol), certificate valid until $($probe.Until)"
        if ($probe.Ended) { $tls = $tls.Replace('valid until', 'ended on') }
        if ($probe.Protocol -ceq 'none') { $tls = 'no TLS' }
        "TLS  $(Get-Ends $probe)  $tls"
    }
    foreach ($why in @($script:Probes | Where-Object { $_.Outcome -ceq 'cannot-test' } | Group-Object -Property Why)) {
        "Not tested: $($why.Count) ($($why.Name)). More: ${script:Link}cannot-test"
    }
    if ($script:LeftOut -gt 0) { "Not tried: $script:LeftOut optional flows (-Optional tries them)" }
}

# ----- reading the data

$Site = ''
$Release = ''
$Data = ''
$Generator = ''
$Link = '/check/#outcome-' # what follows the address of the published pages
$Groups = New-Object System.Collections.ArrayList
$MachinesOf = New-Object System.Collections.Hashtable # by id of the group
$MachinesBy = New-Object System.Collections.Hashtable # by name, short:LABEL and address
$Titles = New-Object System.Collections.Hashtable # by port
$Ends = '' # the words of the last line that says who serves
$Domain = '' # of the last host
$LastLine = @('', '', '', '') # port, numbers, transport and scope of the last that serves or flow
$LastTo = '' # the ends of the last flow
$LastFrom = ''
$Serves = New-Object System.Collections.ArrayList
$Flows = New-Object System.Collections.ArrayList

function Split-Text([string]$Text, [string]$At) {
    $Text.Split([char[]]$At, [System.StringSplitOptions]::RemoveEmptyEntries)
}

function Add-Flow($Id, $Port, $From, $Role, $To, $Numbers, $Transport, $Scope, $Need, $Cipher, $Dials, $Note) {
    [void]$script:Flows.Add([pscustomobject]@{
        Index = $script:Flows.Count; Id = $Id; Port = $Port; From = $From; Role = $Role; To = $To
        Numbers = $Numbers; Transport = $Transport; Scope = $Scope; Need = $Need; Cipher = $Cipher
        Dials = $Dials; Note = $Note
    })
}

# Add-Fact KIND WORD...: takes one line of the data
function Add-Fact {
    $kind = [string]$args[0]
    $word = @($args) + @('', '', '', '', '', '', '', '')
    $to = ''
    $need = 'always'
    if ($kind -ceq 'about') {
        $script:Site = $word[1]
        $script:Release = $word[2]
        $script:Data = $word[3]
        $script:Generator = $word[4]
        $script:Link = $word[5] + $script:Link
    } elseif ($kind -ceq 'host') {
        # GROUP NAMES ADDRESSES [SIZE [NETWORK]]
        $size = 1
        if ($word[2] -match '\.$') { $word[2] += $script:Domain } # that of the line before
        if ($word[2] -match '\.') { $script:Domain = $word[2].Substring($word[2].IndexOf('.') + 1) }
        if ($word[4] -ne '') { $size = [int]$word[4] }
        Add-Group $word[1] $word[2] $word[3] $size $word[5]
    } elseif ($kind -ceq 'serves') {
        # PORT TITLE NUMBERS TRANSPORT SCOPE ["ROLE: GROUP..."], those of the line before
        $script:Titles[$word[1]] = $word[2]
        $script:LastLine = @($word[1], $word[3], $word[4], $word[5])
        if ($word[6] -ne '') { $script:Ends = $word[6] }
        foreach ($end in @(Split-Text $script:Ends ' ')) {
            if ($end -match ':$') {
                $to = $end.TrimEnd(':')
            } else {
                [void]$script:Serves.Add([pscustomobject]@{
                    Group = $end; Role = $to; Title = $word[2]; Numbers = $word[3]
                    Transport = $word[4]; Scope = $word[5]
                })
            }
        }
    } elseif ($kind -ceq 'flow') {
        # PORT NUMBERS TRANSPORT SCOPE ENCRYPTION ">LISTENER[.ROLE] [REQUIREMENT:] INITIATOR[.ROLE]..." [BEHIND [DIALS]]
        # Empty: as in the line before. Without a role: that of the one before, in this line or an earlier one.
        if ($word[1] -eq '') { $word[1] = $script:LastLine[0] }
        if ($word[2] -eq '') {
            for ($i = 1; $i -le 3; $i++) { $word[$i + 1] = $script:LastLine[$i] }
        }
        $script:LastLine = @($word[1], $word[2], $word[3], $word[4])
        foreach ($end in @(Split-Text $word[6] ' ')) {
            if ($end -match '^>') {
                $to = $end.Substring(1)
                if ($to -notmatch '\.') { $to += '.' + $script:LastTo.Split('.')[1] }
                $script:LastTo = $to
                $need = 'always'
            } elseif ($end -match ':$') {
                $need = $end.TrimEnd(':')
            } else {
                if ($end -notmatch '\.') { $end += '.' + $script:LastFrom.Split('.')[1] }
                $script:LastFrom = $end
                $id = $word[1] + ':' + $end + '>' + $to
                $listener = $to.Split('.')[0]
                $start = $end.Split('.')
                Add-Flow $id $word[1] $start[0] $start[1] $listener $word[2] $word[3] $word[4] $need $word[5] $word[8] $word[7]
            }
        }
    } elseif ($kind -ceq 'never') {
        # PORT NUMBERS TRANSPORT FROM TO RULE WHY: a flow that may not exist
        $id = 'must-not:' + $word[6] + ':' + $word[1] + ':' + $word[4] + '>' + $word[5]
        Add-Flow $id $word[1] $word[4] '' $word[5] $word[2] $word[3] 'network' 'never' 'unknown' '' $word[7]
    }
}

# A machine of a group, by its number there; -1 is any of them
function New-Machine([string]$Group, [int]$Number) {
    [pscustomobject]@{ Group = $Group; Number = $Number; Name = $Group; Addresses = @() }
}

function Add-Key([string]$Word, $Machine) {
    $key = $Word.ToLowerInvariant()
    if (-not $script:MachinesBy.ContainsKey($key)) { $script:MachinesBy[$key] = @() }
    $script:MachinesBy[$key] += $Machine
}

# A group with its machines; without a name a machine is called as the group is
function Add-Group([string]$Id, [string]$Pattern, [string]$Addresses, [int]$Size, [string]$Network) {
    $machines = @(for ($m = 0; $m -lt $Size; $m++) { New-Machine $Id $m })
    [void]$script:Groups.Add([pscustomobject]@{ Id = $Id; Network = $Network })
    $script:MachinesOf[$Id] = $machines
    if ($Pattern -ne '') {
        $m = 0
        foreach ($name in @(Expand-Pattern $Pattern)) {
            $machines[$m].Name = $name
            Add-Key $name $machines[$m]
            Add-Key ('short:' + $name.Split('.')[0]) $machines[$m]
            $m++
        }
    }
    foreach ($column in @(Split-Text $Addresses ' ')) {
        $m = 0
        foreach ($address in @(Expand-Pattern $column)) {
            $machines[$m].Addresses += $address
            Add-Key $address $machines[$m]
            $m++
        }
    }
}

function Get-Bits([string]$Address) {
    $bits = ''
    foreach ($byte in [System.Net.IPAddress]::Parse($Address).GetAddressBytes()) {
        $bits += [Convert]::ToString([int]$byte, 2).PadLeft(8, '0')
    }
    $bits
}

function Test-InNetwork([string]$Address, [string]$Network) {
    $parts = $Network.Split('/')
    $mine = Get-Bits $Address
    $other = Get-Bits $parts[0]
    $length = [int]$parts[-1]
    ($mine.Length -eq $other.Length) -and ($mine.Substring(0, $length) -ceq $other.Substring(0, $length))
}

# ----- small helpers

function Write-Note([string]$Text) {
    try { [Console]::Error.WriteLine($Text) } catch { return } # there is nowhere left to say it
}

function Stop-Check([string]$Text) {
    Write-Note ('check.ps1: ' + $Text)
    exit 2
}

# Redirected, the output of a program is UTF-8, whatever the console speaks. In a PowerShell, > and |
# take what a function returns; but what has been interrupted returns nothing any more.
function Write-Lines($Lines) {
    $text = ($Lines -join "`n") + "`n"
    $isConsole = $Host.Name -ceq 'ConsoleHost'
    if ($isConsole -and [Console]::IsOutputRedirected) {
        $bytes = (New-Object System.Text.UTF8Encoding $false).GetBytes($text)
        try {
            $stream = [Console]::OpenStandardOutput()
            $stream.Write($bytes, 0, $bytes.Length)
            $stream.Flush()
        } catch {
            # A full disk; of a pipe that is closed .NET tells nobody.
            $script:Written = $false
        }
    } elseif ($isConsole -and ($script:Stopped -eq 'signal')) {
        [Console]::Out.Write($text)
    } else {
        $Lines
    }
}

# The exit status: what could not be written was not found to be well.
function Get-Status {
    if (-not $script:Written) {
        Write-Note 'the results cannot be written'
        if ($script:Status -eq 0) { return 3 }
    }
    $script:Status
}

function Get-Range([string]$Numbers) {
    $ends = $Numbers.Split('-')
    [int]$ends[0]..[int]$ends[-1]
}

# web[01:20].x stands for twenty
function Expand-Pattern([string]$Pattern) {
    if ($Pattern -notmatch '^([^\[]*)\[([0-9]+):([0-9]+)\](.*)$') {
        return $Pattern
    }
    $before = $Matches[1]
    $from = $Matches[2]
    $to = $Matches[3]
    $tails = @(Expand-Pattern $Matches[4])
    $format = 'D1'
    if ($from -match '^0') { $format = 'D' + $from.Length }
    for ($number = [int]$from; $number -le [int]$to; $number++) {
        foreach ($tail in $tails) { $before + $number.ToString($format) + $tail }
    }
}

# ----- formats for programs

# A JSON string in ASCII, so that no encoding on the way can spoil it; no text is null
function Get-Json([string]$Text) {
    if ($Text -eq '') { return 'null' }
    if ($Text -cnotmatch '[^ !#-\[\]-~]') { return '"' + $Text + '"' }
    $json = ''
    foreach ($char in ($Text -replace '[\x00-\x1f\x7f]', ' ').Replace('\', '\\').Replace('"', '\"').ToCharArray()) {
        if ([int]$char -lt 128) { $json += $char } else { $json += '\u' + ([int]$char).ToString('x4') }
    }
    '"' + $json + '"'
}

function Get-JsonList($Texts) {
    '[' + (@(foreach ($text in $Texts) { Get-Json $text }) -join ', ') + ']'
}

# NAME TEXT...: members of an object
function Get-JsonMembers($Words) {
    $members = @()
    for ($i = 0; $i -lt $Words.Length; $i += 2) { $members += '"' + $Words[$i] + '": ' + (Get-Json $Words[$i + 1]) }
    $members -join ', '
}

# The members with which every document begins
function Get-JsonHead([string]$Kind) {
    $about = Get-JsonMembers @(
        'kind', $Kind, 'site', $script:Site, 'release', $script:Release, 'data', $script:Data,
        'generator', $script:Generator, 'started', $script:Started
    )
    $me = Get-JsonMembers @('name', $script:Me.Name, 'group', $script:Me.Group)
    $names = Get-JsonList $script:MyNames
    $addresses = Get-JsonList $script:MyAddresses
    '{"schema": 1, ' + $about + ', "host": {' + $me + ', "names": ' + $names + ', "addresses": ' + $addresses + '}, '
}

function Get-JsonResult($Probe) {
    $flow = $Probe.Flow
    $members = Get-JsonMembers @(
        'flow', $flow.Id, 'port', $flow.Port, 'from', $script:Me.Name, 'to', $Probe.To, 'address', $Probe.Address,
        'transport', $flow.Transport, 'scope', $flow.Scope, 'requirement', $flow.Need, 'outcome', $Probe.Outcome,
        'reason', $Probe.Why, 'act', $Probe.Act, 'advice', $Probe.Advice, 'url', ($script:Link + $Probe.Outcome)
    )
    $tls = ''
    if ($Probe.Protocol -ne '') {
        $tls = ', "tls": {"protocol": "' + $Probe.Protocol + '", "certificate_until": "' + $Probe.Until + '"}'
    }
    ' {"number": ' + $Probe.Number + ', ' + $members + $tls + '}'
}

function Get-JsonReport([string]$Elapsed) {
    $complete = 'false'
    if ($script:Stopped -eq '') { $complete = 'true' }
    $results = @()
    foreach ($probe in $script:Probes) { $results += Get-JsonResult $probe }
    (Get-JsonHead 'check-results') + '"seconds": ' + $Elapsed + ', "complete": ' + $complete +
    ', "exit": ' + $script:Status + ', "left_out": ' + $script:LeftOut + ', "results": ['
    $results -join ",`n"
    ']}'
}

function Get-Xml([string]$Text) {
    $Text.Replace('&', '&amp;').Replace('<', '&lt;').Replace('>', '&gt;').Replace('"', '&quot;')
}

function Get-JunitReport([string]$Elapsed) {
    $suite = 'check'
    if ($script:Site -ne '') { $suite = Get-Xml $script:Site }
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<testsuites>'
    "<testsuite name=`"$suite`" tests=`"$($script:Probes.Count)`" failures=`"$($script:Wrong.Length)`" " +
    "skipped=`"$script:Untested`" time=`"$Elapsed`">"
    foreach ($probe in $script:Probes) {
        $todo = ''
        if ($probe.Advice -ne '') { $todo = "The $($probe.Act) team acts: $($probe.Advice). " }
        $message = Get-Xml "$($probe.Why) $todo$script:Link$($probe.Outcome)"
        $inner = ''
        if ($probe.Outcome -ceq 'cannot-test') {
            $inner = "<skipped message=`"$message`"/>"
        } elseif (@('open', 'blocked-as-expected') -cnotcontains $probe.Outcome) {
            $inner = "<failure type=`"$($probe.Outcome)`" message=`"$message`"/>"
        }
        "<testcase classname=`"$(Get-Xml $probe.Flow.Id)`" name=`"$(Get-Xml (Get-Ends $probe))`">$inner</testcase>"
    }
    '</testsuite>'
    '</testsuites>'
}

function Get-TapReport {
    'TAP version 13'
    "1..$($script:Probes.Count)"
    $number = 0
    foreach ($probe in $script:Probes) {
        $number++
        $said = "$number - $($probe.Flow.Id) $(Get-Ends $probe)".Replace('#', '\#')
        if (@('open', 'blocked-as-expected') -ccontains $probe.Outcome) {
            "ok $said"
        } elseif ($probe.Outcome -ceq 'cannot-test') {
            'ok {0} # SKIP {1}' -f $said, $probe.Why
        } else {
            "not ok $said"
            '  ---'
            "  outcome: $($probe.Outcome)"
            "  act: $($probe.Act)"
            '  ...'
        }
    }
}

function Write-Report([string]$Format) {
    $elapsed = $script:Clock.Elapsed.TotalSeconds.ToString('0.00', $Invariant)
    $lines = @(
        if ($Format -ceq 'json') { Get-JsonReport $elapsed }
        if ($Format -ceq 'junit') { Get-JunitReport $elapsed }
        if ($Format -ceq 'tap') { Get-TapReport }
        if ($Format -ceq 'text') { Get-TextReport $elapsed }
    )
    Write-Lines $lines
}

# ----- -Local and -Listen: this host's own ports

# What this host will serve: number, transport and label
function Get-OwnPorts([string]$Role, $Scopes) {
    $ports = [ordered]@{}
    foreach ($end in $script:Serves) {
        if (($end.Group -cne $script:Me.Group) -or ($Scopes -cnotcontains $end.Scope)) { continue }
        if (($Role -ne '') -and ($end.Role -cne $Role)) { continue }
        foreach ($number in @(Get-Range $end.Numbers)) {
            $key = "$number/$($end.Transport)"
            if ($ports.Contains($key)) {
                $ports[$key].Label += ', ' + $end.Title
            } else {
                $ports[$key] = [pscustomobject]@{
                    Key = $key; Number = $number; Transport = $end.Transport; Label = $end.Title
                    Listener = $null; Trouble = ''; Came = @()
                }
            }
        }
    }
    $ports.Values
}

function Write-Ports($Ports, [string]$Kind, [string]$Otherwise, [string]$Format) {
    $lines = @()
    foreach ($port in $Ports) {
        if ($Format -ceq 'json') {
            $members = Get-JsonMembers @('transport', $port.Transport, 'for', $port.Label, 'trouble', $port.Trouble)
            $lines += ' {"number": ' + $port.Number + ', ' + $members + ', "came": ' + (Get-JsonList $port.Came) + '}'
        } else {
            $state = $Otherwise
            if ($port.Came.Length -gt 0) { $state = $port.Came -join ' ' }
            if ($port.Trouble -ne '') { $state = $port.Trouble }
            $lines += '{0,-6} {1}: {2}' -f $port.Key.Replace('/tcp', ''), $state, $port.Label
        }
    }
    if ($Format -ceq 'json') {
        $head = (Get-JsonHead $Kind) + '"exit": ' + $script:Status + ', "ports": ['
        Write-Lines @($head, ($lines -join ",`n"), ']}')
        return
    }
    if ($Ports.Length -eq 0) { $lines += "$($script:Me.Name) serves nothing." }
    Write-Lines $lines
}

# Who holds which port, by NUMBER/TRANSPORT
function Get-Holders {
    $held = New-Object System.Collections.Hashtable
    $all = [System.Net.NetworkInformation.IPGlobalProperties]::GetIPGlobalProperties()
    foreach ($end in $all.GetActiveTcpListeners()) { $held["$($end.Port)/tcp"] = 'a process that cannot be seen from here' }
    foreach ($end in $all.GetActiveUdpListeners()) { $held["$($end.Port)/udp"] = 'a process that cannot be seen from here' }
    if (Get-Command -Name Get-NetTCPConnection -ErrorAction SilentlyContinue) {
        try {
            foreach ($end in @(Get-NetTCPConnection -State Listen -ErrorAction SilentlyContinue)) {
                Add-Holder $held "$($end.LocalPort)/tcp" $end.OwningProcess
            }
            foreach ($end in @(Get-NetUDPEndpoint -ErrorAction SilentlyContinue)) {
                Add-Holder $held "$($end.LocalPort)/udp" $end.OwningProcess
            }
        } catch {
            return $held # Windows does not tell everybody; that they are taken is known all the same
        }
    }
    $held
}

function Add-Holder($Held, [string]$Key, $Id) {
    $process = Get-Process -Id $Id -ErrorAction SilentlyContinue
    if ($process) { $Held[$Key] = "$($process.ProcessName), process $Id" }
}

# Which of the own ports are taken, and by whom
function Show-Local([string]$Role, [string]$Format) {
    $held = Get-Holders
    $ports = @(Get-OwnPorts $Role @('network', 'loopback'))
    foreach ($port in $ports) {
        if ($held.ContainsKey($port.Key)) {
            $port.Trouble = 'taken by ' + $held[$port.Key]
            $script:Status = 1
        }
    }
    Write-Ports $ports 'check-local' 'free' $Format
}

function Open-Port([int]$Number) {
    if ([System.Net.Sockets.Socket]::OSSupportsIPv6) { # .NET Framework does not ask
        $listener = [System.Net.Sockets.TcpListener]::Create($Number) # both IPv4 and IPv6
    } else {
        $listener = New-Object System.Net.Sockets.TcpListener ([System.Net.IPAddress]::Any), $Number
    }
    $listener.Start()
    $listener
}

# Takes who is at the door of a port: says so, and hangs up
function Receive-Guest($Port, [string]$Format) {
    try {
        $client = $Port.Listener.AcceptTcpClient()
        $who = $client.Client.RemoteEndPoint.Address.ToString().Replace('::ffff:', '')
        if ($Port.Came -notcontains $who) {
            $Port.Came += $who
            Write-Live "$who came to $($Port.Number) ($($Port.Label))" $Format
        }
        $client.Close()
    } catch {
        return # it has gone already
    }
}

# With -Format json the document is alone on the standard output.
function Write-Live([string]$Text, [string]$Format) {
    if ($Format -ceq 'json') {
        Write-Note $Text
    } else {
        Write-Lines $Text
    }
}

# Opens what this host will serve over TCP, and lists who came
function Invoke-Listen([string]$Role, [int]$For, [string]$Format) {
    $ports = @(Get-OwnPorts $Role @('network'))
    $wanted = @($ports | Where-Object { $_.Transport -ceq 'tcp' })
    $open = @()
    $script:Stopped = 'signal'
    try {
        foreach ($port in $ports) {
            if ($port.Transport -cne 'tcp') { $port.Trouble = 'not opened, only TCP is' }
        }
        if ($wanted.Length -gt 0) {
            Write-Live "$($script:Me.Name) listens for $For s with powershell on: $($wanted.Number -join ' ')" $Format
        }
        foreach ($port in $wanted) {
            try {
                $port.Listener = Open-Port $port.Number
                $open += $port
            } catch {
                $why = $_.Exception.GetBaseException().Message
                $port.Trouble = "cannot be opened, $why"
                $script:Status = 1
                Write-Live "$($port.Number) cannot be opened: $why" $Format
            }
        }
        $end = $script:Clock.Elapsed.TotalSeconds + $For
        while (($open.Length -gt 0) -and ($script:Clock.Elapsed.TotalSeconds -lt $end)) {
            foreach ($port in $open) {
                while ($port.Listener.Pending()) { Receive-Guest $port $Format }
            }
            Start-Sleep -Milliseconds 50
        }
        $script:Stopped = ''
    } finally {
        foreach ($port in $open) { $port.Listener.Stop() }
        Write-Ports $ports 'check-listen' 'nobody came' $Format
    }
}

# ----- options

function Show-Usage {
    $call = 'powershell -ExecutionPolicy Bypass -File check.ps1'
    $about = ''
    $force = ''
    if ($script:Site -ne '') {
        $about = "    tries the flows that this host starts at $script:Site"
        $force = ', with -Force'
    }
    Write-Lines @(
        "Usage: $call [OPTION]...$about"
        "       $call [OPTION]... HOST PORT... or HOST:PORT...$force"
        ''
        '  -As HOST          this host is HOST: a name, an address or a group'
        '  -Role ROLE        only what this role starts'
        '  -Optional         optional flows, too'
        '  -Strict           UDP and other hosts'' loopback ports count as not tested'
        '  -Force            try what this host is not documented to start'
        '  -Tls              add TLS protocol and end of the certificate'
        '  -Parallel N       so many at once (64)'
        '  -Timeout SECONDS  for one try, of two (4); on Windows 3 at the least'
        '  -Budget SECONDS   for the whole run (300)'
        '  -Format FORMAT    text, json, junit or tap'
        '  -Listen           open what this host will serve, list who came (-For SECONDS, 600)'
        '  -Local            which of those ports are taken, and by whom'
        '  -Version, -Help'
        ''
        'The options of check.sh, such as --as, mean the same here.'
        'Exit status: 0 all as documented; 1 something is not; 2 wrong usage; 3 something could not be tested'
        ''
        'Examples:'
        "  $call -Optional -Tls"
        "  $call -As agent01 -Format json > results.json"
        "  $call -Listen -For 300"
    )
}

function Show-Version {
    $of = ''
    if ($script:Site -ne '') { $of = " of $script:Site, release $script:Release" }
    Write-Lines "Port Atlas check script $script:Generator$of, data $script:Data"
}

# All settings, from the arguments
function Read-Options($Given) {
    $options = @{
        'as' = ''; 'role' = ''; 'format' = 'text'; 'mode' = 'check'; 'for' = ''; 'parallel' = '64'
        'timeout' = '4'; 'budget' = '300'; 'optional' = $false; 'strict' = $false; 'force' = $false
        'tls' = $false; 'words' = @()
    }
    for ($i = 0; $i -lt $Given.Length; $i++) {
        $word = $Given[$i]
        if ($word -notmatch '^-') {
            $options['words'] += $word
            continue
        }
        $name = ''
        $value = ''
        $joined = '' # -Name=VALUE or -Name:VALUE
        if ($word -cmatch '^(--?([A-Za-z?]+))([:=](.*))?$') {
            $option = $Matches[1]
            $name = $Matches[2].ToLowerInvariant()
            $joined = [string]$Matches[3]
            $value = [string]$Matches[4]
        }
        if (@('as', 'role', 'format', 'for', 'parallel', 'timeout', 'budget') -ccontains $name) {
            $shown = '-' + $name.Substring(0, 1).ToUpperInvariant() + $name.Substring(1)
            if (@('', ':') -ccontains $joined) { # PowerShell itself parts -Name:VALUE
                $i++
                if ($i -lt $Given.Length) { $value = $Given[$i] }
            }
            if ($value -eq '') { Stop-Check "$shown wants a value; -Help has examples" }
            if ((@('for', 'parallel', 'budget') -ccontains $name) -and ($value -notmatch '^[1-9][0-9]{0,5}$')) {
                Stop-Check "$shown wants a whole number, not '$value'"
            }
            if (($name -ceq 'timeout') -and ($value -notmatch '^[0-9]{1,4}(\.[0-9]{1,2})?$')) {
                Stop-Check "-Timeout wants seconds, such as 0.5, not '$value'"
            }
            $options[$name] = $value
        } elseif ($joined -ne '') {
            Stop-Check "${word}: $option is no option that takes a value; -Help lists them"
        } elseif (@('optional', 'strict', 'force', 'tls') -ccontains $name) {
            $options[$name] = $true
        } elseif (@('listen', 'local') -ccontains $name) {
            if ($options['mode'] -cne 'check') { Stop-Check '-Listen or -Local, once' }
            $options['mode'] = $name
        } elseif (@('version', 'help', 'h', '?') -ccontains $name) {
            $options['mode'] = $name
            return $options
        } else {
            Stop-Check "unknown option '$word'; -Help lists them"
        }
    }
    if (($options['mode'] -cne 'listen') -and ($options['for'] -ne '')) { Stop-Check '-For goes with -Listen' }
    if ($options['for'] -eq '') { $options['for'] = '600' }
    $format = $options['format']
    if (@('text', 'json', 'junit', 'tap') -cnotcontains $format) {
        Stop-Check "-Format wants text, json, junit or tap, not '$format'"
    }
    $mode = $options['mode'].Substring(0, 1).ToUpperInvariant() + $options['mode'].Substring(1)
    if (($options['mode'] -cne 'check') -and (@('text', 'json') -cnotcontains $format)) {
        Stop-Check "-$mode has no -Format ${format}: text or json"
    }
    if (($script:Site -ne '') -and ($options['words'].Length -gt 0) -and (-not $options['force'])) {
        Stop-Check 'HOST PORT wants -Force; the documented flows are tried without any'
    }
    if (($options['mode'] -cne 'check') -and (($script:Site -eq '') -or ($options['words'].Length -gt 0))) {
        Stop-Check "-${mode}: only on a documented host, without HOST PORT..."
    }
    if (($script:Site -eq '') -and ($options['words'].Length -eq 0)) {
        Stop-Check 'give HOST PORT... or HOST:PORT...; -Help has examples'
    }
    $options['timeout'] = [double]::Parse($options['timeout'], $Invariant)
    if ($options['timeout'] -lt 0.1) { Stop-Check '-Timeout wants 0.1 seconds or more' }
    $options
}

# HOST PORT... or HOST:PORT...: makes a flow of each
function Add-AskedFlows($Asked) {
    $target = ''
    foreach ($word in $Asked) {
        $numbers = $word
        if ($word -cmatch '^\[([0-9A-Fa-f:.%]+)\](:([0-9,-]+))?$') {
            $target = $Matches[1]
            $numbers = [string]$Matches[3]
        } elseif ($word -match '^([^:]+):([0-9,-]+)$') {
            $target = $Matches[1]
            $numbers = $Matches[2]
        } elseif ($word -notmatch '^[0-9,-]+$') {
            $target = $word
            $numbers = ''
        }
        if ($target -cnotmatch '^([A-Za-z0-9_][A-Za-z0-9._%:-]{0,252}|:[0-9A-Fa-f:.]+)$') {
            Stop-Check "'$target' is no host; give HOST PORT... or HOST:PORT..."
        }
        $machines = @(Find-Machines @($target))
        foreach ($part in @(Split-Text $numbers ',')) {
            $ends = $part.Split('-')
            if (($part -notmatch '^[1-9][0-9]{0,4}(-[1-9][0-9]{0,4})?$') -or ([int]$ends[-1] -gt 65535) -or
                ([int]$ends[0] -gt [int]$ends[-1])) {
                Stop-Check "'$part' is no port; give HOST PORT... or HOST:PORT..."
            }
            $address = '' # of a documented name what is documented
            if ($target -match '^[0-9.]+$|:') {
                $address = $target
            } elseif ($machines.Length -gt 0) {
                $address = $machines[0].Addresses -join ' '
            }
            Add-Flow "asked:${target}:$part" '' '' '' $target $part 'tcp' 'network' 'asked' 'tls' $address ''
        }
    }
    if (-not @($script:Flows | Where-Object { $_.Need -ceq 'asked' })) {
        Stop-Check 'no port given; give HOST PORT... or HOST:PORT...'
    }
}

# ----- the documented hosts and flows

function Add-Data {
#@DATA@
}

# ----- and now

Add-Data
try {
    $given = @()
    foreach ($word in $Words) {
        foreach ($part in @($word)) { $given += [string]$part } # 80,443 is a list in PowerShell
    }
    $Options = Read-Options $given
    if (@('version', 'help', 'h', '?') -ccontains $Options['mode']) {
        if ($Options['mode'] -ceq 'version') { Show-Version } else { Show-Usage }
        exit (Get-Status)
    }
    $Started = [DateTime]::UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", $Invariant)
    $format = $Options['format']
    $budget = [int]$Options['budget']
    Find-Self
    if ($Options['words'].Length -gt 0) {
        $Me = New-Machine '' -1
        $Me.Name = $MyNames[0]
        $Options['role'] = ''
        Add-AskedFlows $Options['words']
    } else {
        Select-Identity $Options['as'] $Options['role'] $Options['force']
    }
    if ($Options['mode'] -ceq 'local') {
        Show-Local $Options['role'] $format
        exit (Get-Status)
    }
    if ($Options['mode'] -ceq 'listen') {
        Invoke-Listen $Options['role'] ([int]$Options['for']) $format
        exit (Get-Status)
    }
    $Stopped = 'signal'
    try {
        Add-Probes $Options['role'] $Options['optional']
        Find-Addresses $Options['timeout'] $budget
        Invoke-Dial ([int]$Options['parallel']) $Options['timeout'] $budget
        if ($Options['tls']) { Add-Tls $Options['timeout'] $budget }
        if ($Stopped -eq 'signal') { $Stopped = '' }
    } finally {
        # Ctrl-C leads here, too: these are the results so far.
        Set-Verdict $Options['strict']
        Write-Report $format
        if ($Stopped -eq 'budget') { Write-Note "the time budget of $budget s is over: these are the results so far" }
        if ($Stopped -eq 'signal') { Write-Note 'interrupted: these are the results so far' }
    }
} catch {
    # It is this script that failed: 1 would say that a flow did.
    Write-Note "check.ps1: line $($_.InvocationInfo.ScriptLineNumber): $($_.Exception.Message)"
    if ($Status -eq 0) { $Status = 3 }
}
exit (Get-Status)
