#include "adapters/stores/refund_parts_json.h"
#include "adapters/stores/refunds_statements.h"
#include "adapters/stores/refunds_store.h"

// The rows of refunds that travel with ledger commands.
namespace cho40::stores {

using postgres::Params;

namespace {

// One column of the transfer that paid each refund, or of the one that sent it back; `none` where there is none yet.
template <class T, class Rows, class Get>
std::vector<T> transfer_column(Rows rows, std::optional<qr_pay::RefundTransfer> qr_pay::StoredRefund::* which, T none, Get get)
{
    return column<T>(rows, [&](auto const& r) { return r.stored.*which ? T(get(*(r.stored.*which))) : none; });
}

}  // namespace

void add_refund_writers(RowWriters& writers)
{
    writers.add<qr_pay::NewRefund>(
        sql::insert_refunds,
        [](auto rows) {
            Params p;
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.stored.book.value; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.stored.refund.id.uuid; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.stored.subject; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.stored.owner.uuid; }));
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.stored.ordinal.value; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.stored.account.uuid; }));
            p.add(column<std::int32_t>(rows, [](auto const& r) { return r.stored.place; }));
            p.add(column<std::string_view>(rows, [](auto const& r) { return std::string_view(r.stored.refund.code.text()); }));
            p.add(column<Dong>(rows, [](auto const& r) { return r.stored.refund.amount; }));
            p.add(column<Dong>(rows, [](auto const& r) { return r.stored.refund.from_owed; }));
            p.add(column<std::int16_t>(rows, [](auto const& r) { return static_cast<std::int16_t>(r.stored.refund.method); }));
            p.add(column<std::int16_t>(rows, [](auto const& r) { return static_cast<std::int16_t>(r.stored.refund.state); }));
            p.add(column<std::string_view>(rows, [](auto const& r) { return std::string_view(r.stored.reason_code); }));
            p.add(column<std::string_view>(rows, [](auto const& r) { return std::string_view(r.stored.reason_text); }));
            p.add(column<Dong>(rows, [](auto const& r) { return r.stored.approval_from; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.stored.made_by; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.stored.made_by_owner; }));
            p.add(column<Instant>(rows, [](auto const& r) { return r.stored.refund.created_at; }));
            p.add(column<Instant>(rows, [](auto const& r) { return r.stored.since; }));
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.stored.refund.version; }));
            p.add(column<std::int16_t>(rows, [](auto const& r) { return static_cast<std::int16_t>(r.stored.subject_kind); }));
            p.add(column<postgres::Json>(rows, [](auto const& r) { return postgres::Json(parts_json(r.stored.refund.parts)); }));
            return p;
        },
        10);
    writers.add<qr_pay::ChangedRefund>(
        sql::update_refunds,
        [](auto rows) {
            constexpr auto paid = &qr_pay::StoredRefund::transfer, back = &qr_pay::StoredRefund::returned_by;
            auto const or_null = [](Uuid const& id) { return id.is_nil() ? std::nullopt : std::optional(id); };
            Params p;
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.stored.book.value; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.stored.refund.id.uuid; }));
            p.add(column<std::int16_t>(rows, [](auto const& r) { return static_cast<std::int16_t>(r.stored.refund.state); }));
            p.add(column<std::string_view>(rows, [](auto const& r) { return std::string_view(r.stored.state_reason); }));
            p.add(column<Instant>(rows, [](auto const& r) { return r.stored.since; }));
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.stored.refund.version; }));
            p.add(column<std::optional<Uuid>>(rows, [&](auto const& r) { return or_null(r.stored.decided_by); }));
            p.add(column<std::optional<Instant>>(rows, [](auto const& r) { return r.stored.decided_at; }));
            p.add(transfer_column<std::optional<Sha256>>(rows, paid, {}, [](auto const& t) { return t.key; }));
            p.add(transfer_column<std::string>(rows, paid, {}, [](auto const& t) { return t.rail; }));
            p.add(transfer_column<std::string>(rows, paid, {}, [](auto const& t) { return t.provider_id; }));
            p.add(transfer_column<std::string>(rows, paid, {}, [](auto const& t) { return t.bank_reference; }));
            p.add(transfer_column<std::string>(rows, paid, {}, [](auto const& t) { return t.memo; }));
            p.add(transfer_column<std::optional<Instant>>(rows, paid, {}, [](auto const& t) { return t.booked_at; }));
            p.add(transfer_column<std::string>(rows, paid, {}, [](auto const& t) { return t.evidence; }));
            p.add(transfer_column<std::optional<Uuid>>(rows, paid, {}, [&](auto const& t) { return or_null(t.entered_by); }));
            p.add(transfer_column<std::optional<Sha256>>(rows, back, {}, [](auto const& t) { return t.key; }));
            p.add(transfer_column<std::string>(rows, back, {}, [](auto const& t) { return t.rail; }));
            p.add(transfer_column<std::string>(rows, back, {}, [](auto const& t) { return t.provider_id; }));
            p.add(transfer_column<std::string>(rows, back, {}, [](auto const& t) { return t.bank_reference; }));
            p.add(transfer_column<std::string>(rows, back, {}, [](auto const& t) { return t.memo; }));
            p.add(transfer_column<std::optional<Instant>>(rows, back, {}, [](auto const& t) { return t.booked_at; }));
            return p;
        },
        20);
    writers.add<qr_pay::ToldRefundTransfer>(
        sql::insert_tellings,
        [](auto rows) {
            Params p;
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.book.value; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.inbox.uuid; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.refund.uuid; }));
            p.add(column<std::string_view>(rows, [](auto const& r) { return qr_pay::name_of(r.outcome); }));
            p.add(column<std::int16_t>(rows, [](auto const& r) { return static_cast<std::int16_t>(r.match.rule); }));
            p.add(column<std::int32_t>(rows, [](auto const& r) { return static_cast<std::int32_t>(r.match.characters.from); }));
            p.add(column<std::int32_t>(rows, [](auto const& r) { return static_cast<std::int32_t>(r.match.characters.length); }));
            p.add(column<std::int16_t>(rows, [](auto const& r) { return r.match.version; }));
            p.add(column<Instant>(rows, [](auto const& r) { return r.told_at; }));
            return p;
        },
        40);
    writers.add<RefundAccess>(
        sql::insert_refund_access,
        [](auto rows) {
            Params p;
            p.add(column<std::int64_t>(rows, [](auto const& r) { return r.book.value; }));
            p.add(column<Uuid>(rows, [](auto const& r) { return r.rail_account.uuid; }));
            p.add(column<postgres::Bytea>(rows, [](auto const& r) { return postgres::Bytea(r.sealed_secret); }));
            p.add(column<Instant>(rows, [](auto const& r) { return r.created_at; }));
            return p;
        },
        20);
}

}  // namespace cho40::stores
