#include "adapters/stores/payments_statements.h"
#include "adapters/stores/payments_store.h"
#include "base/text.h"

// The rows of the payment side that travel with ledger commands.
namespace cho40::stores {
namespace {

using postgres::Params;

std::string tail(std::string const& account) { return account.size() <= 4 ? account : account.substr(account.size() - 4); }

}  // namespace

void add_payment_writers(RowWriters& writers)
{
    using qr_pay::NewPaymentRequest;
    writers.add<NewPaymentRequest>(
        sql::insert_requests,
        [](auto rows) {
            Params p;
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.stored.book.value; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.stored.request.id.uuid; }));
            p.add(column<std::int16_t>(rows, [](auto const& r) { return static_cast<std::int16_t>(r.stored.payee_kind); }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.stored.payee.uuid; }));
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.stored.ordinal.value; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.stored.account.uuid; }));
            p.add(column<std::string_view>(rows, [](auto const& r) { return std::string_view(r.stored.request.code.text()); }));
            p.add(column<Dong>(rows, [](auto const& r) { return r.stored.request.asked; }));
            p.add(column<std::int16_t>(rows, [](auto const& r) { return static_cast<std::int16_t>(r.stored.request.state); }));
            p.add(column<std::string_view>(rows, [](auto const& r) { return std::string_view(r.stored.note); }));
            p.add(column<std::optional<std::string>>(
                rows, [](auto const& r) { return r.stored.client_ref.empty() ? std::nullopt : std::optional(r.stored.client_ref); }));
            p.add(column<std::string_view>(rows, [](auto const& r) { return std::string_view(r.stored.qr_payload); }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.stored.created_by.uuid; }));
            p.add(column<Instant>(rows, [](auto const& r) { return r.stored.request.created_at; }));
            p.add(column<Instant>(rows, [](auto const& r) { return r.stored.request.expires_at; }));
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.stored.request.version; }));
            p.add(column<std::string_view>(rows, [](auto const& r) { return std::string_view(r.stored.virtual_account); }));
            return p;
        },
        10);
    writers.add<qr_pay::ChangedPaymentRequest>(
        sql::update_requests,
        [](auto rows) {
            Params p;
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.book.value; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.request.id.uuid; }));
            p.add(column<Dong>(rows, [](auto const& r) { return r.request.received; }));
            p.add(column<Dong>(rows, [](auto const& r) { return r.request.waived; }));
            p.add(column<std::int16_t>(rows, [](auto const& r) { return static_cast<std::int16_t>(r.request.state); }));
            p.add(column<std::string_view>(rows, [](auto const& r) { return std::string_view(r.reason); }));
            p.add(column<Instant>(rows, [](auto const& r) { return r.since; }));
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.request.version; }));
            p.add(column<Instant>(rows, [](auto const& r) { return r.request.expires_at; }));
            return p;
        },
        20);
    writers.add<qr_pay::NewBankCredit>(
        sql::insert_credits,
        [](auto rows) {
            Params p;
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.book.value; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.id.uuid; }));
            p.add(column<Sha256>(rows, [](auto const& r) { return r.dedupe; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.account.uuid; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.owner.uuid; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.rail_account.uuid; }));
            p.add(column<std::string_view>(rows, [](auto const& r) { return std::string_view(r.credit.provider_id); }));
            p.add(column<std::string_view>(rows, [](auto const& r) { return std::string_view(r.credit.bank_reference); }));
            p.add(column<Dong>(rows, [](auto const& r) { return r.credit.amount; }));
            p.add(column<std::string_view>(rows, [](auto const& r) { return std::string_view(r.credit.memo); }));
            p.add(column<std::string>(rows, [](auto const& r) { return squeeze(r.credit.memo); }));
            p.add(column<std::string_view>(rows, [](auto const& r) { return std::string_view(r.credit.payer_name); }));
            p.add(column<std::string>(rows, [](auto const& r) { return tail(r.credit.payer_account); }));
            p.add(column<std::string_view>(rows, [](auto const& r) { return std::string_view(r.credit.payer_bank); }));
            p.add(column<Instant>(rows, [](auto const& r) { return r.credit.booked_at; }));
            p.add(column<Instant>(rows, [](auto const& r) { return r.received_at; }));
            auto const uuid_of = [](auto const& id) { return id ? std::optional(id->uuid) : std::nullopt; };
            p.add(column<std::optional<Uuid>>(rows, [&](auto const& r) { return uuid_of(r.request); }));
            p.add(column<std::string_view>(rows, [](auto const& r) { return qr_pay::name_of(r.reason); }));
            p.add(column<std::optional<Uuid>>(rows, [&](auto const& r) { return uuid_of(r.suggested); }));
            p.add(column<Dong>(rows, [](auto const& r) { return r.refund_due; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.inbox.uuid; }));
            p.add(column<std::int16_t>(rows, [](auto const& r) { return static_cast<std::int16_t>(r.match.rule); }));
            p.add(column<std::int32_t>(rows, [](auto const& r) { return static_cast<std::int32_t>(r.match.characters.from); }));
            p.add(column<std::int32_t>(rows, [](auto const& r) { return static_cast<std::int32_t>(r.match.characters.length); }));
            p.add(column<std::int16_t>(rows, [](auto const& r) { return r.match.version; }));
            return p;
        },
        30);
    writers.add<qr_pay::AssignedBankCredit>(
        sql::assign_credits,
        [](auto rows) {
            Params p;
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.book.value; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.id.uuid; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.request.uuid; }));
            p.add(column<std::string_view>(rows, [](auto const& r) { return qr_pay::name_of(r.reason); }));
            p.add(column<Dong>(rows, [](auto const& r) { return r.refund_due; }));
            p.add(qr_pay::match_rules_version);
            return p;
        },
        40);
    writers.add<qr_pay::RepeatedBankCredit>(
        sql::repeat_credits,
        [](auto rows) {
            Params p;
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.book.value; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.id.uuid; }));
            return p;
        },
        40);
    writers.add<qr_pay::MatchedNotification>(
        sql::insert_matches,
        [](auto rows) {
            Params p;
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.book.value; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.inbox.uuid; }));
            p.add(column<std::string_view>(rows, [](auto const& r) { return qr_pay::name_of(r.outcome); }));
            p.add(column<std::optional<Uuid>>(rows, [](auto const& r) { return r.credit ? std::optional(r.credit->uuid) : std::nullopt; }));
            p.add(column<Instant>(rows, [](auto const& r) { return r.matched_at; }));
            return p;
        },
        40);
}

}  // namespace cho40::stores
