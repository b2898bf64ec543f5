# Rows of the audit (fault, book, seq, account, expected, found, meaning) as a table or as JSON; exits 1 when one is a fault.

function text(value) {
  gsub(/["\\]/, "\\\\&", value)
  return "\"" value "\""
}
function number(value) { return value == "" ? "null" : value }
function object() {
  return sprintf("{\"fault\":%s,\"book\":%s,\"seq\":%s,\"account\":%s,\"expected\":%s,\"found\":%s,\"meaning\":%s}",
                 $1 == "" ? "null" : text($1), number($2), number($3), number($4), text($5), text($6), text($7))
}
function place() {
  return ($2 == "" ? "" : "book " $2) ($3 == "" ? "" : ", seq " $3) ($4 == "" ? "" : ", account " $4)
}

$1 == "" && form == "json" { facts = facts (facts == "" ? "" : ",\n  ") object() }
$1 == "" && form != "json" { facts = facts sprintf("  book %s: %s, %s\n", $2, $5, $6) }
$1 != "" { ++faults }
$1 != "" && form == "json" { list = list (list == "" ? "" : ",\n  ") object() }
$1 != "" && form != "json" {
  printf "%s  %s\n    expected  %s\n    found     %s\n    %s\n", $1, place(), $5, $6, $7
}

END {
  if (form == "json")
    printf "{\"clean\":%s,\"checks\":%d,\"faults\":[%s],\"facts\":[%s]}\n", faults ? "false" : "true", checks,
           list == "" ? "" : "\n  " list, facts == "" ? "" : "\n  " facts
  else
    printf "%s%s%d faults in %d kinds of fault looked for.\n", faults ? "\n" : "", facts, faults, checks
  exit faults > 0
}
