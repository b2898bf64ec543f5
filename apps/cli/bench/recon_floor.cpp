#include "apps/cli/bench/recon_floor.h"
#include "apps/cli/io.h"

namespace cho40::cli::bench {
namespace {

namespace fs = std::filesystem;

// $1 the day's folder, $2 a folder to work in. The larger sorts go on beside each other, as the engine's threads do.
constexpr char sort_script[] = R"sh(
set -e
export LC_ALL=C
sort -t, -k5,5 --parallel=2 -S 512M "$1/internal.csv" > "$2/internal" &
ledger=$!
sort -t, -k4,4 --parallel=2 -S 512M "$1/provider.csv" "$1/provider-2.csv" > "$2/provider" &
lines=$!
wait $ledger
wait $lines
sort -t, -k2,2 --parallel=2 -S 512M "$1/bank.csv" > "$2/bank"
join -t, -1 5 -2 4 -a 1 -a 2 "$2/internal" "$2/provider" > "$2/joined"
)sh";

// argv: package, the day's folder, the file to write. Every file is read once.
constexpr char duckdb_script[] = R"js(
const [, packageFolder, day, out] = process.argv;
const quoted = (text) => `'${text.replaceAll("'", "''")}'`;
const sql = `COPY (
  SELECT payment_id, amount_vnd, status, other, other_amount, other_status
  FROM (SELECT *, CASE WHEN channel = 'PSP' THEN 'T' || provider_txn_id ELSE 'O' || order_ref END AS key
        FROM read_csv(${quoted(`${day}/internal.csv`)})) ledger
  FULL OUTER JOIN (
    SELECT 'T' || provider_txn_id AS key, file_id || ':' || line_no AS other, amount_vnd AS other_amount, status AS other_status
    FROM read_csv([${quoted(`${day}/provider.csv`)}, ${quoted(`${day}/provider-2.csv`)}])
    UNION ALL
    SELECT 'O' || regexp_extract(narrative, 'CQ[2-9A-Z]{7}') AS key, entry_ref AS other, amount_vnd AS other_amount, direction AS other_status
    FROM read_csv(${quoted(`${day}/bank.csv`)})) others USING (key)) TO ${quoted(out)} (HEADER)`;
const duckdb = require(packageFolder);
(async () => {
  if (duckdb.DuckDBInstance) {
    const connection = await (await duckdb.DuckDBInstance.create(':memory:')).connect();
    await connection.run(sql);
  } else {
    await new Promise((done, failed) => new duckdb.Database(':memory:').run(sql, (error) => (error ? failed(error) : done())));
  }
  process.exit(0);
})().catch((error) => { console.error(String(error)); process.exit(1); });
)js";

fs::path find_package(fs::path const& folder)
{
    for (auto const* name :
         {"", "node_modules/@duckdb/node-api", "@duckdb/node-api", "node_modules/duckdb", "duckdb", "web/node_modules/@duckdb/node-api"}) {
        auto const candidate = *name ? folder / name : folder;
        bool const named = candidate.filename() == "node-api" || candidate.filename() == "duckdb";
        if (named && fs::exists(candidate / "package.json")) return fs::absolute(candidate);
    }
    return {};
}

TimedRun well(TimedRun run, char const* what)
{
    if (run.exit_code != 0) throw Stop{Exit::system_missing, std::string(what) + " ended with " + std::to_string(run.exit_code)};
    return run;
}

}  // namespace

ReconFloor::ReconFloor(std::string const& duckdb)
{
    if (!duckdb.empty()) {
        package_ = find_package(duckdb);
        if (package_.empty()) throw Stop{Exit::usage, duckdb + ": no DuckDB is here; npm install @duckdb/node-api in it"};
        return;
    }
    package_ = find_package(fs::current_path());
    if (auto const* home = std::getenv("HOME"); package_.empty() && home != nullptr) package_ = find_package(home);
}

TimedRun ReconFloor::sort_and_join(fs::path const& day, fs::path const& out) const
{
    return well(timed_run({"sh", "-c", sort_script, "floor", day.string(), out.string()}, out / "messages"), "sort and join");
}

TimedRun ReconFloor::duckdb_join(fs::path const& day, fs::path const& out) const
{
    return well(timed_run({"node", "-e", duckdb_script, package_.string(), day.string(), (out / "joined.csv").string()}, out / "messages"),
                "DuckDB in node");
}

}  // namespace cho40::cli::bench
