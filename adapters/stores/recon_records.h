#pragma once
#include "ledger/command.h"
#include "qr-pay/records.h"
#include "reconcile/day_run.h"

// Reconciliation as it is kept. Rows travel with ledger commands.
namespace cho40::stores {

// A rail account as the other side of a reconciliation.
struct ReconPartner {
    ledger::BookId book;
    Id<qr_pay::RailAccountTag> id;
    std::string name;
    reconcile::Channel channel = reconcile::Channel::bank;
    std::optional<Uuid> market;  // whose book it is: a market's or an agency's
    std::optional<Uuid> agency;
};

struct ReconBreak;    // recon_breaks.h
struct ReconClosing;  // recon_closings.h

struct ReconFile {
    ledger::BookId book;
    Id<ReconFile> id;
    Uuid partner;
    reconcile::Side side = reconcile::Side::provider;
    Day date;
    int revision = 1;
    Sha256 digest{};
    std::int64_t size = 0;
    reconcile::ImportResult result = reconcile::ImportResult::ACCEPTED;
    bool in_force = false;
    std::string detail;
    int detail_line = 0;
    std::int64_t lines = 0;
    Dong sum;
    std::set<std::string> accounts;
    std::vector<reconcile::StatementBalance> balances;
    Instant received_at;
    Uuid received_by;
};

struct ReconRun {
    ledger::BookId book;
    Id<ReconRun> id;
    Uuid partner;
    Day date;
    Instant as_of;
    std::string summary;  // JSON: matched, waiting, breaks, equations
    Uuid started_by;
    Instant created_at;
};

struct NewReconFile final : ledger::AttachedRow {
    NewReconFile(ReconFile f, std::shared_ptr<std::string const> b) : file(std::move(f)), bytes(std::move(b)) {}
    ReconFile file;
    std::shared_ptr<std::string const> bytes;
};
struct SupersededReconFile final : ledger::AttachedRow {
    SupersededReconFile(ledger::BookId b, Id<ReconFile> i) : book(b), id(i) {}
    ledger::BookId book;
    Id<ReconFile> id;
};
struct NewReconRun final : ledger::AttachedRow {
    NewReconRun(ReconRun r, std::string full) : run(std::move(r)), result(std::move(full)) {}
    ReconRun run;
    std::string result;  // JSON, everything the run found
};
}  // namespace cho40::stores
