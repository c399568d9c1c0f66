# Port Atlas check script. It runs on one host as an ordinary user, connects to every TCP port that
# this host is documented to connect to, sends nothing, and says which flow does not work and who
# has to act. It changes nothing here and writes no file. The documented flows are in Add-Data, at
# the end: they are texts in single quotes, and nothing of them is ever run.
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
$Invariant = [System.Globalization.CultureInfo]::InvariantCulture
$Words = @($args)

# ----- what the data says

$Site = ''
$Release = ''
$Data = ''
$Generator = ''
$Link = '/check/#outcome-' # what follows the address of the published pages
$Groups = New-Object System.Collections.ArrayList
$GroupOf = New-Object System.Collections.Hashtable # by id
$MachinesOf = New-Object System.Collections.Hashtable # by id, when asked for
$Titles = New-Object System.Collections.Hashtable # by port
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
        if ($word[4] -ne '') { $size = [int]$word[4] }
        $group = [pscustomobject]@{
            Id = $word[1]; Name = $word[2]; Addresses = $word[3]; Size = $size; Network = $word[5]
        }
        [void]$script:Groups.Add($group)
        $script:GroupOf[$group.Id] = $group
    } elseif ($kind -ceq 'serves') {
        # PORT TITLE NUMBERS TRANSPORT SCOPE "ROLE: GROUP..."
        $script:Titles[$word[1]] = $word[2]
        foreach ($end in @(Split-Text $word[6] ' ')) {
            if ($end.EndsWith(':')) {
                $to = $end.TrimEnd(':')
            } else {
                [void]$script:Serves.Add([pscustomobject]@{
                    Group = $end; Role = $to; Title = $word[2]; Numbers = $word[3]
                    Transport = $word[4]; Scope = $word[5]
                })
            }
        }
    } elseif ($kind -ceq 'flow') {
        # PORT NUMBERS TRANSPORT SCOPE ENCRYPTION ">LISTENER.ROLE [REQUIREMENT:] INITIATOR.ROLE..." [BEHIND [DIALS]]
        foreach ($end in @(Split-Text $word[6] ' ')) {
            if ($end.StartsWith('>')) {
                $to = $end.Substring(1)
                $need = 'always'
            } elseif ($end.EndsWith(':')) {
                $need = $end.TrimEnd(':')
            } else {
                $id = $word[1] + ':' + $end + '>' + $to
                $from = $end.Split('.')
                $listener = $to.Split('.')[0]
                Add-Flow $id $word[1] $from[0] $from[1] $listener $word[2] $word[3] $word[4] $need $word[5] $word[8] $word[7]
            }
        }
    } elseif ($kind -ceq 'never') {
        # PORT NUMBERS TRANSPORT FROM TO RULE WHY: a flow that may not exist
        $id = 'must-not:' + $word[6] + ':' + $word[1] + ':' + $word[4] + '>' + $word[5]
        Add-Flow $id $word[1] $word[4] '' $word[5] $word[2] $word[3] 'network' 'never' 'unknown' '' $word[7]
    }
}

# ----- small helpers

function Write-Note([string]$Text) { [Console]::Error.WriteLine($Text) }

function Stop-Check([string]$Text) {
    Write-Note ('check.ps1: ' + $Text)
    exit 2
}

# Redirected, the output is UTF-8 whatever the console speaks.
function Write-Text([string]$Text) {
    if ([Console]::IsOutputRedirected) {
        $bytes = (New-Object System.Text.UTF8Encoding $false).GetBytes($Text)
        $stream = [Console]::OpenStandardOutput()
        $stream.Write($bytes, 0, $bytes.Length)
        $stream.Flush()
    } else {
        [Console]::Out.Write($Text)
    }
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
    if ($from.StartsWith('0')) { $format = 'D' + $from.Length }
    for ($number = [int]$from; $number -le [int]$to; $number++) {
        foreach ($tail in $tails) { $before + $number.ToString($format) + $tail }
    }
}

# The machines of a group: name and all of its addresses
function Get-Machines([string]$Id) {
    if (-not $script:MachinesOf.ContainsKey($Id)) {
        $group = $script:GroupOf[$Id]
        $names = @()
        if ($group.Name -ne '') { $names = @(Expand-Pattern $group.Name) }
        $columns = New-Object System.Collections.ArrayList
        $count = [Math]::Max($group.Size, $names.Length)
        foreach ($pattern in @(Split-Text $group.Addresses ' ')) {
            $column = @(Expand-Pattern $pattern)
            [void]$columns.Add($column)
            $count = [Math]::Max($count, $column.Length)
        }
        $machines = New-Object System.Collections.ArrayList
        for ($m = 0; $m -lt $count; $m++) {
            $name = ''
            if ($m -lt $names.Length) { $name = $names[$m] }
            $addresses = @()
            foreach ($column in $columns) {
                if ($m -lt $column.Length) { $addresses += $column[$m] }
            }
            [void]$machines.Add([pscustomobject]@{ Number = $m; Name = $name; Addresses = $addresses })
        }
        $script:MachinesOf[$Id] = $machines.ToArray()
    }
    $script:MachinesOf[$Id]
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

# ----- who is this host?

$MyNames = @()
$MyAddresses = @()
$Me = $null # the group, the number of the machine in it (-1: some machine) and its name
$Own = $true # is it certain that this is that host?

function Find-Self {
    $name = [System.Net.Dns]::GetHostName().ToLowerInvariant()
    $script:MyNames = @($name)
    $full = $name + '.' + [System.Net.NetworkInformation.IPGlobalProperties]::GetIPGlobalProperties().DomainName
    if ($full.EndsWith('.') -or $full.EndsWith('.(none)')) {
        $full = ''
        try { $full = [System.Net.Dns]::GetHostEntry($name).HostName } catch { $full = '' }
    }
    $full = $full.ToLowerInvariant()
    if ((-not $name.Contains('.')) -and $full.Contains('.') -and (-not $full.StartsWith('localhost'))) {
        $script:MyNames += $full
    }
    foreach ($card in [System.Net.NetworkInformation.NetworkInterface]::GetAllNetworkInterfaces()) {
        foreach ($one in $card.GetIPProperties().UnicastAddresses) {
            $address = $one.Address.ToString()
            if ($address -notmatch '^(127\.|::1$|fe80:)') { $script:MyAddresses += $address }
        }
    }
}

function Test-Self($Machine) {
    foreach ($mine in $script:MyNames) {
        if ($Machine.Name -eq '') { break }
        if ($mine -eq $Machine.Name) { return $true }
        # A bare host name will do where this host does not know its domain.
        if ((-not ($script:MyNames -join ' ').Contains('.')) -and ($mine -eq $Machine.Name.Split('.')[0])) {
            return $true
        }
    }
    foreach ($address in $Machine.Addresses) {
        if ($script:MyAddresses -contains $address) { return $true }
    }
    return $false
}

function New-Identity([string]$Group, [int]$Number) {
    [pscustomobject]@{ Group = $Group; Number = $Number; Name = '' }
}

# The machines that this host may be
function Find-Identity {
    $found = @()
    foreach ($group in $script:Groups) {
        if ($group.Network -ne '') { continue }
        foreach ($machine in @(Get-Machines $group.Id)) {
            if (Test-Self $machine) { $found += New-Identity $group.Id $machine.Number }
        }
    }
    if ($found.Length -gt 0) { return $found }
    foreach ($group in $script:Groups) {
        if ($group.Network -eq '') { continue }
        foreach ($address in $script:MyAddresses) {
            if (Test-InNetwork $address $group.Network) {
                New-Identity $group.Id 0
                break
            }
        }
    }
}

# The machines of that name, address or group
function Find-Named([string]$Name) {
    $found = @()
    foreach ($group in $script:Groups) {
        foreach ($machine in @(Get-Machines $group.Id)) {
            $first = $machine.Name.Split('.')[0]
            if (($machine.Name -eq $Name) -or ($first -eq $Name) -or ($machine.Addresses -contains $Name)) {
                $found += New-Identity $group.Id $machine.Number
            }
        }
    }
    if ($found.Length -gt 0) { return $found }
    if ($script:GroupOf.ContainsKey($Name)) {
        if ($script:GroupOf[$Name].Size -gt 1) { return (New-Identity $Name -1) }
        return (New-Identity $Name 0)
    }
}

function Test-Role([string]$Group, [string]$Role) {
    foreach ($flow in $script:Flows) {
        if (($flow.From -ceq $Group) -and ($flow.Role -ceq $Role)) { return $true }
    }
    foreach ($end in $script:Serves) {
        if (($end.Group -ceq $Group) -and ($end.Role -ceq $Role)) { return $true }
    }
    return $false
}

function Join-Groups($Found) {
    $names = @()
    foreach ($one in $Found) { $names += $one.Group }
    $names -join ' '
}

function Select-Identity([string]$As, [string]$Role, [bool]$Force) {
    $all = @()
    foreach ($group in $script:Groups) { $all += $group.Id }
    $ids = $all -join ' '
    Find-Self
    $known = @(Find-Identity)
    $found = $known
    if ($As -ne '') {
        $found = @(Find-Named $As)
        if ($found.Length -eq 0) { Stop-Check "-As ${As}: no such host at ${Site}; there are $ids" }
        if ($found.Length -gt 1) { Stop-Check "-As ${As}: could be $(Join-Groups $found); give its full name" }
        $same = $false
        foreach ($one in $known) {
            if (($one.Group -ceq $found[0].Group) -and (($one.Number -eq $found[0].Number) -or ($found[0].Number -eq -1))) {
                $same = $true
            }
        }
        if (($known.Length -gt 0) -and (-not $same)) {
            if (-not $Force) {
                Stop-Check "this host is $($known[0].Group), not ${As}: it does not start those flows; -Force tries them"
            }
            $script:Own = $false
        }
    } elseif (($found.Length -eq 0) -and ($Role -ne '')) {
        foreach ($id in $all) {
            if (Test-Role $id $Role) { $found += New-Identity $id -1 }
        }
        if ($found.Length -eq 0) { Stop-Check "-Role ${Role}: nobody has it at $Site" }
        if ($found.Length -gt 1) { Stop-Check "-Role ${Role}: $(Join-Groups $found) have it; say which with -As" }
    }
    if ($found.Length -ne 1) {
        $guess = 'none of the documented hosts'
        if ($found.Length -gt 1) { $guess = 'perhaps ' + (Join-Groups $found) }
        Stop-Check ("this host ($($script:MyNames -join ' '), $($script:MyAddresses -join ' ')) is $guess " +
            "at ${Site}; say which with -As: $ids")
    }
    $script:Me = $found[0]
    if (($Role -ne '') -and (-not (Test-Role $script:Me.Group $Role))) {
        Stop-Check "-Role ${Role}: $($script:Me.Group) does not have it"
    }
    $script:Me.Name = $script:Me.Group
    $machines = @(Get-Machines $script:Me.Group)
    if (($script:Me.Number -ge 0) -and ($script:Me.Number -lt $machines.Length)) {
        $name = $machines[$script:Me.Number].Name
        if ($name -ne '') { $script:Me.Name = $name }
    }
}

# ----- what is to be dialled

$Probes = New-Object System.Collections.ArrayList
$LeftOut = 0

# Adds a probe for each number
function Add-Probe($Flow, [string]$To, [string]$Address, [string]$Numbers, [string]$Outcome, [string]$Why) {
    foreach ($number in @(Get-Range $Numbers)) {
        [void]$script:Probes.Add([pscustomobject]@{
            Flow = $Flow; To = $To; Address = $Address; Number = $number; Outcome = $Outcome; Why = $Why
            Silent = 0; Protocol = ''; Until = ''
        })
    }
}

# Makes probes of the flows that this host starts
function Add-Probes([string]$Role, [bool]$Optional) {
    foreach ($flow in $script:Flows) {
        if ($flow.From -cne $script:Me.Group) { continue }
        if (($Role -ne '') -and ($flow.Role -cne $Role) -and ($flow.Need -cne 'never')) { continue }
        if (($flow.Need -ceq 'optional') -and (-not $Optional)) {
            $script:LeftOut++
            continue
        }
        if ($flow.Scope -ceq 'loopback') {
            if ($script:Own) {
                Add-Probe $flow $script:Me.Name '127.0.0.1' $flow.Numbers '' ''
            } else {
                Add-Probe $flow $flow.To '127.0.0.1' $flow.Numbers 'cannot-test' 'a loopback port of another host'
            }
            continue
        }
        $machines = @(Get-Machines $flow.To)
        if ($flow.Dials -ne '') {
            # a translated address: whoever is behind it
            $dialled = @(Split-Text $flow.Dials ' ')
            $machines = @([pscustomobject]@{ Number = -2; Name = ''; Addresses = $dialled })
        }
        foreach ($machine in $machines) {
            if (($flow.To -ceq $script:Me.Group) -and ($machine.Number -eq $script:Me.Number)) { continue }
            $name = $machine.Name
            if ($name -eq '') { $name = $flow.To }
            if ($flow.Transport -ceq 'udp') {
                $first = [string]($machine.Addresses | Select-Object -First 1)
                Add-Probe $flow $name $first $flow.Numbers 'cannot-test' 'UDP: no answer means nothing'
            } elseif ($machine.Addresses.Length -gt 0) {
                foreach ($address in $machine.Addresses) { Add-Probe $flow $name $address $flow.Numbers '' '' }
            } elseif ($machine.Name -ne '') {
                Add-Probe $flow $name '' $flow.Numbers '' '' # its addresses are asked for
            } else {
                Add-Probe $flow $name '' $flow.Numbers 'cannot-test' 'no address is documented'
            }
        }
    }
}

# HOST PORT... or HOST:PORT...: probes of what was asked for
function Add-AskedProbes($Asked) {
    $target = ''
    foreach ($word in $Asked) {
        $numbers = $word
        if ($word -match '^\[([0-9A-Fa-f:.%]+)\](:([0-9,-]+))?$') {
            $target = $Matches[1]
            $numbers = [string]$Matches[3]
        } elseif ($word -match '^([^:]+):([0-9,-]+)$') {
            $target = $Matches[1]
            $numbers = $Matches[2]
        } elseif ($word -notmatch '^[0-9,-]+$') {
            $target = $word
            $numbers = ''
        }
        if ($target -notmatch '^([A-Za-z0-9_][A-Za-z0-9._%:-]*|:[0-9A-Fa-f:.]+)$') {
            Stop-Check "'$target' is no host: give HOST PORT... or HOST:PORT..."
        }
        foreach ($part in @(Split-Text $numbers ',')) {
            $ends = $part.Split('-')
            if (($part -notmatch '^[1-9][0-9]{0,4}(-[1-9][0-9]{0,4})?$') -or ([int]$ends[-1] -gt 65535) -or
                ([int]$ends[0] -gt [int]$ends[-1])) {
                Stop-Check "'$part' is no port from 1 to 65535"
            }
            Add-Flow "asked:${target}:$part" '' '' '' $target $part 'tcp' 'network' 'asked' 'unknown' '' ''
            $address = ''
            if ($target -match '^[0-9.]+$|:') { $address = $target }
            Add-Probe $script:Flows[$script:Flows.Count - 1] $target $address $part '' ''
        }
    }
    if ($script:Probes.Count -eq 0) { Stop-Check 'no port given: give HOST PORT... or HOST:PORT...' }
}

# ----- dialling

$Clock = [System.Diagnostics.Stopwatch]::StartNew()
$Stopped = 'signal' # until all is through; Ctrl-C leaves it so

function Test-Time([int]$Budget) {
    if ($script:Clock.Elapsed.TotalSeconds -lt $Budget) { return $true }
    $script:Stopped = 'budget'
    return $false
}

# Gives every probe without an address one; more probes where there are more addresses
function Find-Addresses([double]$Timeout, [int]$Budget) {
    $names = New-Object System.Collections.ArrayList
    $found = New-Object System.Collections.Hashtable # name: its addresses
    $nameless = @($script:Probes | Where-Object { ($_.Address -eq '') -and ($_.Outcome -eq '') })
    foreach ($probe in $nameless) {
        if ($names -notcontains $probe.To) { [void]$names.Add($probe.To) }
    }
    # A slow name service must not hold up the others.
    if ($names.Count -gt 0) { [void][System.Threading.ThreadPool]::SetMinThreads(64, 64) }
    for ($begin = 0; ($begin -lt $names.Count) -and (Test-Time $Budget); $begin += 32) {
        $asked = @()
        foreach ($name in $names.GetRange($begin, [Math]::Min(32, $names.Count - $begin))) {
            $asked += [pscustomobject]@{ Name = $name; Task = [System.Net.Dns]::GetHostAddressesAsync($name) }
        }
        $due = $script:Clock.Elapsed.TotalSeconds + $Timeout + 1
        while (($script:Clock.Elapsed.TotalSeconds -lt $due) -and @($asked | Where-Object { -not $_.Task.IsCompleted })) {
            Start-Sleep -Milliseconds 10
        }
        foreach ($one in $asked) {
            $addresses = @()
            if ($one.Task.IsCompleted -and (-not $one.Task.IsFaulted)) {
                foreach ($address in $one.Task.Result) {
                    # Without IPv6 of its own it reaches none.
                    if (($address.AddressFamily -eq 'InterNetwork') -or ($script:MyAddresses -match ':')) {
                        $addresses += $address.ToString()
                    }
                }
            }
            $found[$one.Name] = $addresses
        }
    }
    foreach ($probe in $nameless) {
        if (-not $found.ContainsKey($probe.To)) { continue } # the time was over
        $addresses = @($found[$probe.To])
        if ($addresses.Length -eq 0) {
            $probe.Outcome = 'unresolved'
            $probe.Why = 'the name service knows no address of it'
            continue
        }
        $probe.Address = $addresses[0]
        foreach ($address in @($addresses | Select-Object -Skip 1)) {
            Add-Probe $probe.Flow $probe.To $address ([string]$probe.Number) '' ''
        }
    }
}

function Set-Failure($Probe, $Failure) {
    $cause = $Failure.GetBaseException()
    $code = ''
    if ($cause -is [System.Net.Sockets.SocketException]) { $code = [string]$cause.SocketErrorCode }
    if ($code -eq 'ConnectionRefused') {
        $Probe.Outcome = 'refused'
    } elseif ($code -eq 'TimedOut') {
        $Probe.Outcome = 'filtered'
        $Probe.Why = 'no answer'
    } elseif ($code -eq 'AccessDenied') {
        $Probe.Outcome = 'filtered'
        $Probe.Why = 'this host itself forbids it'
    } elseif (@('HostUnreachable', 'HostDown') -contains $code) {
        $Probe.Outcome = 'unreachable'
        $Probe.Why = 'no route to host'
    } elseif (@('NetworkUnreachable', 'NetworkDown', 'AddressNotAvailable', 'InvalidArgument') -contains $code) {
        $Probe.Outcome = 'unreachable'
        $Probe.Why = 'no route to its network'
    } elseif (@('HostNotFound', 'NoData', 'TryAgain') -contains $code) {
        $Probe.Outcome = 'unresolved'
    } else {
        $Probe.Outcome = 'cannot-test'
        $Probe.Why = $cause.Message
    }
}

# Begins to dial; nothing where that fails at once
function Start-Dial($Probe, [double]$Timeout) {
    try {
        $address = [System.Net.IPAddress]::Parse($Probe.Address)
        $client = New-Object System.Net.Sockets.TcpClient $address.AddressFamily
        $task = $client.ConnectAsync($address, $Probe.Number)
        $due = $script:Clock.Elapsed.TotalSeconds + $Timeout
        [pscustomobject]@{ Probe = $Probe; Client = $client; Task = $task; Due = $due }
    } catch {
        Set-Failure $Probe $_.Exception
    }
}

# Dials these probes, so many at once
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
                if ($dial.Task.IsFaulted) {
                    Set-Failure $dial.Probe $dial.Task.Exception
                } elseif ($dial.Task.IsCompleted) {
                    $dial.Probe.Outcome = 'open'
                } elseif ($now -ge $dial.Due) {
                    $dial.Probe.Silent++
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

# Dials all probes, and the silent ones once more
function Invoke-Dial([int]$Parallel, [double]$Timeout, [int]$Budget) {
    Invoke-Round @($script:Probes | Where-Object { $_.Outcome -eq '' }) $Parallel $Timeout $Budget
    Invoke-Round @($script:Probes | Where-Object { ($_.Outcome -eq '') -and ($_.Silent -eq 1) }) $Parallel $Timeout $Budget
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
        if ($probe.Outcome -cne 'open') { continue }
        if (($probe.Flow.Cipher -cne 'tls') -and ($probe.Flow.Need -cne 'asked')) { continue }
        if (-not (Test-Time $Budget)) { return }
        Read-Tls $probe $Timeout $known
        if ($probe.Protocol -eq '') { Read-Tls $probe $Timeout 'Tls12' }
        if ($probe.Protocol -eq '') { $probe.Protocol = 'none' }
    }
}

# ----- what came out

$Wrong = @()
$Open = 0
$Untested = 0
$Uncounted = 0
$Status = 0

# What was not answered, the outcomes of must-not flows, and the counts
function Set-Verdict([bool]$Strict) {
    foreach ($probe in $script:Probes) {
        if ($probe.Outcome -eq '') {
            $probe.Outcome = 'filtered'
            if ($probe.Silent -gt 1) {
                $probe.Why = 'no answer, twice'
            } elseif ($probe.Silent -eq 1) {
                $probe.Why = 'no answer; not tried again'
            } else {
                $probe.Outcome = 'cannot-test'
                $probe.Why = 'interrupted'
                if ($script:Stopped -eq 'budget') { $probe.Why = 'the time budget was over' }
            }
        }
        if ($probe.Flow.Need -ceq 'never') {
            if ($probe.Outcome -ceq 'open') {
                $probe.Outcome = 'open-but-forbidden'
            } elseif ($probe.Outcome -ceq 'refused') {
                $probe.Outcome = 'blocked-as-expected'
                $probe.Why = 'refused: a firewall rejects it, or nothing listens now'
            } elseif (@('filtered', 'unreachable') -ccontains $probe.Outcome) {
                $probe.Outcome = 'blocked-as-expected'
            }
        }
        if (@('open', 'blocked-as-expected') -ccontains $probe.Outcome) {
            $script:Open++
        } elseif ($probe.Outcome -ceq 'cannot-test') {
            if ($probe.Why -match '^(UDP|a loopback port)') { $script:Uncounted++ }
            $script:Untested++
        } else {
            $script:Wrong += $probe
        }
    }
    if (($script:Untested -gt $script:Uncounted) -or ($Strict -and ($script:Untested -gt 0))) { $script:Status = 3 }
    if ($script:Wrong.Length -gt 0) { $script:Status = 1 }
}

# Why it is so, who has to act, and how
function Get-Advice($Probe) {
    $number = $Probe.Number
    $where = $Probe.To
    if (($Probe.Address -ne '') -and ($Probe.Address -cne $where)) { $where += " ($($Probe.Address))" }
    $why = ''
    if ($Probe.Why -ne '') { $why = $Probe.Why.Substring(0, 1).ToUpperInvariant() + $Probe.Why.Substring(1) }
    $reason = $Probe.Why
    $act = 'none'
    $advice = ''
    if ($Probe.Outcome -ceq 'open') {
        $reason = 'reachable'
    } elseif ($Probe.Outcome -ceq 'refused') {
        $reason = 'The path is open and nothing listens there; or a firewall rejects instead of dropping.'
        $act = 'application'
        $advice = "start what listens on $number/tcp at $where"
    } elseif ($Probe.Outcome -ceq 'filtered') {
        $reason = "${why}: most likely a firewall on the way drops it."
        $act = 'network'
        $advice = "let $number/tcp through from $($script:Me.Name) to $where"
    } elseif ($Probe.Outcome -ceq 'unreachable') {
        $reason = "${why}: routing, or a machine that is off."
        $act = 'network'
        $advice = "see to the route from $($script:Me.Name) to $where"
    } elseif ($Probe.Outcome -ceq 'unresolved') {
        $reason = 'The name has no address here.'
        $act = 'network'
        $advice = "give $($Probe.To) an address in DNS or in the hosts file"
    } elseif ($Probe.Outcome -ceq 'open-but-forbidden') {
        $reason = "It is open and must not be: $($Probe.Flow.Note)"
        $act = 'network'
        $advice = "close $number/tcp from $($script:Me.Name) to $where"
    }
    if (($Probe.Flow.Need -cne 'never') -and ($Probe.Flow.Note -ne '') -and ($act -ne 'none')) {
        $advice += "; behind it listens $($Probe.Flow.Note)"
    }
    [pscustomobject]@{ Reason = $reason; Act = $act; Advice = $advice }
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

function Get-Elapsed { $script:Clock.Elapsed.TotalSeconds.ToString('0.00', $Invariant) }

function Get-TextReport([bool]$Strict, [string]$Elapsed) {
    $red = ''
    $green = ''
    $yellow = ''
    $plain = ''
    $colour = $false
    try { $colour = [bool]$Host.UI.SupportsVirtualTerminal } catch { $colour = $false }
    if ($colour -and (-not [Console]::IsOutputRedirected) -and (-not $env:NO_COLOR)) {
        $escape = [string][char]27
        $red = "$escape[1;31m"
        $green = "$escape[1;32m"
        $yellow = "$escape[1;33m"
        $plain = "$escape[0m"
    }
    $total = $script:Probes.Count
    $head = $script:Me.Name
    if ($script:Site -ne '') { $head = "$script:Site, release $script:Release, data ${script:Data}: $head" }
    "$head, $($total - $script:Untested) ports tried in $Elapsed s"
    $same = New-Object System.Collections.Hashtable
    $shown = New-Object System.Collections.Hashtable
    foreach ($probe in $script:Wrong) {
        $key = "$($probe.Flow.Index) $($probe.Outcome) $($probe.Why)"
        $same[$key] = 1 + [int]$same[$key]
    }
    foreach ($probe in $script:Wrong) {
        $key = "$($probe.Flow.Index) $($probe.Outcome) $($probe.Why)"
        $shown[$key] = 1 + [int]$shown[$key]
        $ends = Get-Ends $probe
        if ($shown[$key] -eq 1) {
            $advice = Get-Advice $probe
            ''
            "$red$($probe.Outcome)$plain  $ends  $([string]$script:Titles[$probe.Flow.Port])"
            "  $($advice.Reason)"
            "  The $($advice.Act) team acts: $($advice.Advice)."
            "  More: $script:Link$($probe.Outcome)"
            if ($same[$key] -gt 1) { "  The same at $($same[$key] - 1) more:" }
        } elseif ($shown[$key] -lt 7) {
            "    $ends"
        } elseif ($shown[$key] -eq 7) {
            '    and so on; -Format json has them all'
        }
    }
    if ($script:Wrong.Length -gt 0) { '' }
    foreach ($probe in $script:Probes) {
        if ($probe.Protocol -eq '') { continue }
        "TLS  $(Get-Ends $probe)  $($probe.Protocol), certificate valid until $($probe.Until)"
    }
    foreach ($why in @($script:Probes | Where-Object { $_.Outcome -ceq 'cannot-test' } | Group-Object -Property Why)) {
        "Not tested: $($why.Count) ($($why.Name)). More: ${script:Link}cannot-test"
    }
    if ($script:LeftOut -gt 0) { "Not tried: $script:LeftOut optional flows (-Optional tries them)" }
    if ($script:Wrong.Length -gt 0) {
        "$red$($script:Wrong.Length) of $total not as documented$plain"
    } elseif ($script:Status -eq 3) {
        $uncounted = $script:Uncounted
        if ($Strict) { $uncounted = 0 }
        "${yellow}Nothing wrong found; $($script:Untested - $uncounted) of $total could not be tested$plain"
    } elseif ($total -eq 0) {
        "${green}All well: $($script:Me.Name) starts no flow that is to be tried$plain"
    } else {
        "${green}All well: $script:Open of $($total - $script:Untested) ports as documented$plain"
    }
}

# A JSON string in ASCII, so that no encoding on the way can spoil it; no text is null
function Get-Json([string]$Text) {
    if ($Text -eq '') { return 'null' }
    if ($Text -cnotmatch '[^ !#-\[\]-~]') { return '"' + $Text + '"' }
    $json = New-Object System.Text.StringBuilder
    foreach ($char in $Text.ToCharArray()) {
        $code = [int]$char
        if (($code -lt 32) -or ($code -eq 127)) {
            [void]$json.Append(' ')
        } elseif (($code -eq 34) -or ($code -eq 92)) {
            [void]$json.Append('\').Append($char)
        } elseif ($code -gt 127) {
            [void]$json.Append('\u').Append($code.ToString('x4'))
        } else {
            [void]$json.Append($char)
        }
    }
    '"' + $json.ToString() + '"'
}

function Get-JsonList($Texts) {
    $list = @()
    foreach ($text in $Texts) { $list += Get-Json $text }
    '[' + ($list -join ', ') + ']'
}

function Get-JsonResult($Probe) {
    $flow = $Probe.Flow
    $advice = Get-Advice $Probe
    $tls = ''
    if ($Probe.Protocol -ne '') {
        $tls = "`"tls`": {`"protocol`": `"$($Probe.Protocol)`", `"certificate_until`": `"$($Probe.Until)`"}, "
    }
    " {`"number`": $($Probe.Number), `"flow`": $(Get-Json $flow.Id), `"port`": $(Get-Json $flow.Port), " +
    "`"from`": $(Get-Json $script:Me.Name), `"to`": $(Get-Json $Probe.To), `"address`": $(Get-Json $Probe.Address), " +
    "`"transport`": $(Get-Json $flow.Transport), `"scope`": $(Get-Json $flow.Scope), " +
    "`"requirement`": $(Get-Json $flow.Need), `"outcome`": $(Get-Json $Probe.Outcome), " +
    "`"reason`": $(Get-Json $advice.Reason), `"act`": $(Get-Json $advice.Act), " +
    "`"advice`": $(Get-Json $advice.Advice), $tls`"url`": $(Get-Json ($script:Link + $Probe.Outcome))}"
}

function Get-JsonReport([string]$Started, [string]$Elapsed) {
    $complete = 'false'
    if ($script:Stopped -eq '') { $complete = 'true' }
    "{`"schema`": 1, `"kind`": `"check-results`", `"site`": $(Get-Json $script:Site), " +
    "`"release`": $(Get-Json $script:Release), `"data`": $(Get-Json $script:Data), " +
    "`"generator`": $(Get-Json $script:Generator), `"started`": $(Get-Json $Started), " +
    "`"host`": {`"name`": $(Get-Json $script:Me.Name), `"group`": $(Get-Json $script:Me.Group), " +
    "`"names`": $(Get-JsonList $script:MyNames), `"addresses`": $(Get-JsonList $script:MyAddresses)}, " +
    "`"seconds`": $Elapsed, `"complete`": $complete, `"exit`": $script:Status, " +
    "`"left_out`": $script:LeftOut, `"results`": ["
    for ($i = 0; $i -lt $script:Probes.Count; $i++) {
        $comma = ','
        if ($i -eq $script:Probes.Count - 1) { $comma = '' }
        (Get-JsonResult $script:Probes[$i]) + $comma
    }
    ']}'
}

function Get-Xml([string]$Text) {
    $Text.Replace('&', '&amp;').Replace('<', '&lt;').Replace('>', '&gt;').Replace('"', '&quot;')
}

function Get-JunitReport([string]$Elapsed) {
    $suite = 'check'
    if ($script:Site -ne '') { $suite = $script:Site }
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<testsuites>'
    "<testsuite name=`"$(Get-Xml $suite)`" tests=`"$($script:Probes.Count)`" failures=`"$($script:Wrong.Length)`" " +
    "skipped=`"$script:Untested`" time=`"$Elapsed`">"
    foreach ($probe in $script:Probes) {
        $advice = Get-Advice $probe
        $todo = ''
        if ($advice.Advice -ne '') { $todo = "The $($advice.Act) team acts: $($advice.Advice). " }
        $message = Get-Xml "$($advice.Reason) $todo$script:Link$($probe.Outcome)"
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
        $advice = Get-Advice $probe
        $said = "$number - $($probe.Flow.Id) $(Get-Ends $probe)".Replace('#', '\#')
        if (@('open', 'blocked-as-expected') -ccontains $probe.Outcome) {
            "ok $said"
        } elseif ($probe.Outcome -ceq 'cannot-test') {
            'ok {0} # SKIP {1}' -f $said, $advice.Reason
        } else {
            "not ok $said"
            '  ---'
            "  outcome: $($probe.Outcome)"
            "  act: $($advice.Act)"
            '  ...'
        }
    }
}

# ----- this host's own ports

# The TCP ports that this host will serve: number and label
function Get-OwnPorts([string]$Role, $Scopes) {
    $ports = New-Object System.Collections.ArrayList
    $labels = New-Object System.Collections.Hashtable
    foreach ($end in $script:Serves) {
        if (($end.Group -cne $script:Me.Group) -or ($end.Transport -cne 'tcp')) { continue }
        if (($Scopes -cnotcontains $end.Scope) -or (($Role -ne '') -and ($end.Role -cne $Role))) { continue }
        foreach ($number in @(Get-Range $end.Numbers)) {
            if ($labels.ContainsKey($number)) {
                $labels[$number] += ', ' + $end.Title
            } else {
                $labels[$number] = $end.Title
                [void]$ports.Add($number)
            }
        }
    }
    foreach ($number in $ports) { [pscustomobject]@{ Number = $number; Label = $labels[$number] } }
}

# Which of them are taken, and by whom
function Show-Local([string]$Role) {
    $held = New-Object System.Collections.Hashtable
    foreach ($end in [System.Net.NetworkInformation.IPGlobalProperties]::GetIPGlobalProperties().GetActiveTcpListeners()) {
        $held[$end.Port] = 'a process that cannot be seen from here'
    }
    if (Get-Command -Name Get-NetTCPConnection -ErrorAction SilentlyContinue) {
        foreach ($end in @(Get-NetTCPConnection -State Listen -ErrorAction SilentlyContinue)) {
            $process = Get-Process -Id $end.OwningProcess -ErrorAction SilentlyContinue
            if ($process) { $held[[int]$end.LocalPort] = "$($process.ProcessName), $($end.OwningProcess)" }
        }
    }
    $ports = @(Get-OwnPorts $Role @('network', 'loopback'))
    foreach ($port in $ports) {
        if ($held.ContainsKey($port.Number)) {
            $script:Status = 1
            Write-Text ("{0,-6} taken by {1}; documented for {2}`n" -f $port.Number, $held[$port.Number], $port.Label)
        } else {
            Write-Text ("{0,-6} free; documented for {1}`n" -f $port.Number, $port.Label)
        }
    }
    if ($ports.Length -eq 0) { Write-Text "$($script:Me.Name) serves nothing.`n" }
    if ($script:Status -eq 1) {
        Write-Text "Before an installation that is a conflict; later it should be the product.`n"
    }
}

function Open-Port([int]$Number) {
    try {
        $listener = [System.Net.Sockets.TcpListener]::Create($Number) # IPv4 and IPv6
        $listener.Start()
        return $listener
    } catch [System.Net.Sockets.SocketException] {
        if ($_.Exception.SocketErrorCode -ne 'AddressFamilyNotSupported') { throw }
    }
    $listener = New-Object System.Net.Sockets.TcpListener ([System.Net.IPAddress]::Any), $Number
    $listener.Start()
    $listener
}

# Opens what this host will serve, and lists who came
function Invoke-Listen([string]$Role, [int]$For) {
    $ports = @(Get-OwnPorts $Role @('network'))
    if ($ports.Length -eq 0) {
        Write-Text "$($script:Me.Name) serves nothing.`n"
        return
    }
    $open = New-Object System.Collections.ArrayList
    $came = New-Object System.Collections.Hashtable
    $numbers = @()
    foreach ($port in $ports) { $numbers += $port.Number }
    try {
        foreach ($port in $ports) {
            $came[$port.Number] = @()
            try {
                $listener = Open-Port $port.Number
                [void]$open.Add([pscustomobject]@{ Number = $port.Number; Label = $port.Label; Listener = $listener })
            } catch {
                Write-Text "$($port.Number) cannot be opened: $($_.Exception.GetBaseException().Message)`n"
            }
        }
        Write-Text "$($script:Me.Name) listens for $For s with powershell on: $($numbers -join ' ')`n"
        $end = $script:Clock.Elapsed.TotalSeconds + $For
        while (($open.Count -gt 0) -and ($script:Clock.Elapsed.TotalSeconds -lt $end)) {
            foreach ($one in $open) {
                while ($one.Listener.Pending()) {
                    try {
                        $client = $one.Listener.AcceptTcpClient()
                        $who = $client.Client.RemoteEndPoint.Address.ToString().Replace('::ffff:', '')
                        if ($came[$one.Number] -notcontains $who) {
                            $came[$one.Number] += $who
                            Write-Text "$who came to $($one.Number) ($($one.Label))`n"
                        }
                        $hello = "portatlas check $script:Site $($script:Me.Name) $($one.Number)`n"
                        $bytes = (New-Object System.Text.UTF8Encoding $false).GetBytes($hello)
                        $client.GetStream().Write($bytes, 0, $bytes.Length)
                        $client.Close()
                    } catch {
                        continue # it has gone already
                    }
                }
            }
            Start-Sleep -Milliseconds 50
        }
    } finally {
        foreach ($one in $open) { $one.Listener.Stop() }
        foreach ($number in $numbers) {
            $who = 'nobody came'
            if ($came.ContainsKey($number) -and ($came[$number].Length -gt 0)) { $who = $came[$number] -join ' ' }
            Write-Text ("{0,-6} {1}`n" -f $number, $who)
        }
    }
}

# ----- the command line

function Show-Usage {
    $call = 'powershell -ExecutionPolicy Bypass -File check.ps1'
    $about = ''
    $force = ''
    if ($script:Site -ne '') {
        $about = "`nTries the flows that this host starts at $script:Site."
        $force = '  with -Force'
    }
    $lines = @(
        "Usage: $call [OPTION]...$about"
        "       $call [OPTION]... HOST PORT...     or HOST:PORT...$force"
        ''
        '  -As HOST         this host is HOST (a name, an address or a group of the site)'
        '  -Role ROLE       only what this role starts'
        '  -Optional        optional flows too'
        '  -Strict          UDP and other hosts'' loopback ports count as not tested'
        '  -Force           try what this host is not documented to start'
        '  -Tls             add the TLS protocol and the certificate''s end date'
        '  -Parallel N      so many at once (64)'
        '  -Timeout SECONDS for one try; a silent port is tried twice (4)'
        '  -Budget SECONDS  for the whole run (300)'
        '  -Format FORMAT   text, json, junit or tap: one document on the standard output'
        '  -Listen          open the ports that this host will serve, list who came (-For SECONDS, 600)'
        '  -Local           which ports that this host will serve are taken already, and by whom'
        '  -Version, -Help'
        ''
        'The options of check.sh, such as --as, mean the same here.'
        ''
        'Exit status: 0 all as documented; 1 something is not; 2 wrong usage; 3 nothing wrong found, but'
        'something could not be tested.'
        ''
        'Examples:'
        "  $call"
        "  $call -Optional -Format json > results.json"
        "  $call -As agent01 -Timeout 2"
        "  $call -Listen -For 300"
    )
    Write-Text (($lines -join "`n") + "`n")
}

# All settings, from the arguments
function Read-Options($Given) {
    $options = @{
        as = ''; role = ''; format = 'text'; mode = 'check'; for = '600'; parallel = '64'; timeout = '4'; budget = '300'
        optional = $false; strict = $false; force = $false; tls = $false; words = @()
    }
    $given = @($Given)
    for ($i = 0; $i -lt $given.Length; $i++) {
        $word = $given[$i]
        if (-not $word.StartsWith('-')) {
            $options['words'] += $word
            continue
        }
        $value = ''
        $name = $word.TrimStart('-').ToLowerInvariant()
        if ($name -match '^([a-z]+)[:=](.*)$') {
            $name = $Matches[1]
            $value = $Matches[2]
        }
        $shown = '-' + $name.Substring(0, [Math]::Min(1, $name.Length)).ToUpperInvariant() + $name.Substring([Math]::Min(1, $name.Length))
        if (@('as', 'role', 'format', 'for', 'parallel', 'timeout', 'budget') -ccontains $name) {
            if (-not ($word -match '[:=].')) {
                $i++
                if ($i -ge $given.Length) { Stop-Check "$shown wants a value; -Help has examples" }
                $value = $given[$i]
            }
            if ((@('for', 'parallel', 'budget') -ccontains $name) -and ($value -notmatch '^[1-9][0-9]{0,5}$')) {
                Stop-Check "$shown wants a whole number from 1, not '$value'"
            }
            $options[$name] = $value
        } elseif (@('optional', 'strict', 'force', 'tls') -ccontains $name) {
            $options[$name] = $true
        } elseif (@('listen', 'local') -ccontains $name) {
            $options['mode'] = $name
        } elseif ($name -ceq 'version') {
            $of = ''
            if ($script:Site -ne '') { $of = " of $script:Site, release $script:Release" }
            Write-Text "Port Atlas check script $script:Generator$of, data $script:Data`n"
            exit 0
        } elseif (@('h', 'help', '?') -ccontains $name) {
            Show-Usage
            exit 0
        } else {
            Stop-Check "unknown option '$word'; -Help lists them"
        }
    }
    $timeout = $options['timeout']
    if ($timeout -notmatch '^[0-9]{1,4}(\.[0-9]{1,2})?$') {
        Stop-Check "-Timeout wants seconds, such as 4 or 0.5, not '$timeout'"
    }
    $options['timeout'] = [double]::Parse($timeout, $Invariant)
    if ($options['timeout'] -lt 0.1) { Stop-Check '-Timeout wants 0.1 seconds or more' }
    if (@('text', 'json', 'junit', 'tap') -ccontains $options['format']) {
        if (($options['mode'] -cne 'check') -and ($options['format'] -cne 'text')) {
            Stop-Check "-$($options['mode']) has no -Format $($options['format']): only text"
        }
    } else {
        Stop-Check "-Format wants text, json, junit or tap, not '$($options['format'])'"
    }
    $options
}

# ----- the documented flows

function Add-Data {
#@DATA@
}

# ----- and now

Add-Data
$given = @()
foreach ($word in $Words) {
    foreach ($part in @($word)) { $given += [string]$part } # 80,443 is a list in PowerShell
}
$Options = Read-Options $given
$role = $Options['role']
$started = [DateTime]::UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", $Invariant)
if ($Options['words'].Length -gt 0) {
    if (($Site -ne '') -and (-not $Options['force'])) {
        Stop-Check "$($Options['words'][0]): this script tries the documented flows of ${Site}; -Force tries others"
    }
    Find-Self
    $Me = New-Identity '' 0
    $Me.Name = $MyNames[0]
    Add-AskedProbes $Options['words']
} elseif ($Site -eq '') {
    Stop-Check 'give HOST PORT... or HOST:PORT...; -Help has examples'
} else {
    Select-Identity $Options['as'] $role $Options['force']
    if ($Options['mode'] -ceq 'listen') {
        Invoke-Listen $role ([int]$Options['for'])
        exit 0
    }
    if ($Options['mode'] -ceq 'local') {
        Show-Local $role
        exit $Status
    }
    Add-Probes $role $Options['optional']
}
$budget = [int]$Options['budget']
$Clock.Restart()
try {
    Find-Addresses $Options['timeout'] $budget
    Invoke-Dial ([int]$Options['parallel']) $Options['timeout'] $budget
    if ($Options['tls']) { Add-Tls $Options['timeout'] $budget }
    if ($Stopped -eq 'signal') { $Stopped = '' }
} finally {
    # Ctrl-C leads here, too: these are the results so far.
    $elapsed = Get-Elapsed
    Set-Verdict $Options['strict']
    if ($Options['format'] -ceq 'json') {
        $report = @(Get-JsonReport $started $elapsed)
    } elseif ($Options['format'] -ceq 'junit') {
        $report = @(Get-JunitReport $elapsed)
    } elseif ($Options['format'] -ceq 'tap') {
        $report = @(Get-TapReport)
    } else {
        $report = @(Get-TextReport $Options['strict'] $elapsed)
    }
    Write-Text (($report -join "`n") + "`n")
    if ($Stopped -eq 'budget') { Write-Note "the time budget of $budget s was over before everything was tried" }
    if ($Stopped -eq 'signal') { Write-Note 'interrupted: these are the results so far' }
}
exit $Status
