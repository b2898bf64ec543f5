#include "adapters/statements/camt_fields.h"
#include "base/text.h"
#include <unordered_map>

namespace cho40::statements {
namespace {

// What an element's text is put into.
struct Target {
    CamtDraft& draft;
    std::string const& text;
    std::string const& currency;

    [[nodiscard]] CamtStatement& statement() const { return draft.statement; }
    [[nodiscard]] CamtEntry& entry() const { return draft.entry; }
    [[nodiscard]] CamtTransaction& tx() const { return entry().transactions.back(); }
    [[nodiscard]] CamtBalance& balance() const { return statement().balances.back(); }
};

using Setter = Result<Done> (*)(Target const&);

}  // namespace

struct CamtField {
    Setter set;
    bool single = true;
    bool keeps_spaces = false;  // parts of a text: a cut may fall on a space
};

namespace {

// VND has no minor unit: 50000.00 is fine, 50000.50 is no amount of it.
Result<CamtAmount> read_amount(Target const& t)
{
    if (t.currency.size() != 3) return fail(Errc::invalid_input, "an amount needs a currency of three letters");
    CHO_TRY(auto const value, Decimal::parse(t.text));
    if (t.currency == "VND") CHO_TRY_DO(value.to_dong());
    return CamtAmount{value, t.currency};
}

Result<CamtDirection> read_direction(Target const& t)
{
    if (t.text == "CRDT") return CamtDirection::credit;
    if (t.text == "DBIT") return CamtDirection::debit;
    return fail(Errc::invalid_input, "the direction must be CRDT or DBIT, not " + t.text.substr(0, 10));
}

// Some banks write an offset behind a date; the day is what they mean.
Result<CamtDate> read_day(Target const& t)
{
    CHO_TRY(auto const day, Day::parse(std::string_view(t.text).substr(0, 10)));
    return CamtDate{day, std::nullopt, t.text};
}

Result<CamtDate> read_time(Target const& t)
{
    if (t.text.size() == 10) return read_day(t);
    auto at = parse_rfc3339(t.text);
    if (!at) at = parse_local_time(std::string_view(t.text).substr(0, 19));  // no offset: the bank's local time
    if (!at) return fail(std::move(at).error());
    return CamtDate{Day::of(*at), *at, t.text};
}

// boolean: true or 1.
Result<bool> read_flag(Target const& t)
{
    if (t.text == "true" || t.text == "1") return true;
    if (t.text == "false" || t.text == "0") return false;
    return fail(Errc::invalid_input, "must be true, false, 1 or 0, not " + t.text.substr(0, 10));
}

template <auto Access>
Result<Done> text(Target const& t)
{
    if (Access(t).empty()) Access(t) = t.text;
    return Done{};
}

template <auto Access>
Result<Done> list(Target const& t)
{
    Access(t).push_back(t.text);
    return Done{};
}

template <auto Access, auto Read>
Result<Done> value(Target const& t)
{
    CHO_TRY(Access(t), Read(t));
    return Done{};
}

// Domain, family and sub-family make one code.
Result<Done> code_part(Target const& t)
{
    auto& code = t.entry().code;
    if (!code.empty()) code += '/';
    code += t.text;
    return Done{};
}

Result<Done> return_text(Target const& t)
{
    auto& text = t.tx().return_text;
    if (!text.empty()) text += ' ';
    text += t.text;
    return Done{};
}

Result<Done> own_amount(Target const& t)
{
    CHO_TRY(t.tx().amount, read_amount(t));
    t.tx().amount_is_own = true;
    return Done{};
}

Result<Done> transaction_amount(Target const& t)
{
    CHO_TRY(auto amount, read_amount(t));
    if (!t.tx().amount_is_own) t.tx().amount = std::move(amount);
    return Done{};
}

CamtCharges& charges_of_entry(Target const& t) { return t.entry().charges; }
CamtCharges& charges_of_tx(Target const& t) { return t.tx().charges; }

// .02 has no element around one charge: its amount, which comes first, opens it.
template <auto Of>
Result<Done> charge_opened(Target const& t)
{
    CHO_TRY(auto amount, read_amount(t));
    Of(t).records.emplace_back().amount = std::move(amount);
    return Done{};
}

template <auto Of>
Result<CamtCharge*> last_charge(Target const& t)
{
    if (Of(t).records.empty()) return fail(Errc::invalid_input, "the charge has no amount before it");
    return &Of(t).records.back();
}

template <auto Of, auto Member, auto Read>
Result<Done> charge_value(Target const& t)
{
    CHO_TRY(auto* const charge, last_charge<Of>(t));
    CHO_TRY(charge->*Member, Read(t));
    return Done{};
}

template <auto Of, auto Member>
Result<Done> charge_text(Target const& t)
{
    CHO_TRY(auto* const charge, last_charge<Of>(t));
    if ((charge->*Member).empty()) charge->*Member = t.text;
    return Done{};
}

// An element that only holds others and that must not be there twice either.
Result<Done> nothing(Target const&) { return Done{}; }

using Fields = std::unordered_map<std::string, CamtField>;

template <auto Of>
void add_charges(Fields& fields, std::string const& owner)
{
    auto const chrgs = owner + "/Chrgs";
    fields[chrgs + "/TtlChrgsAndTaxAmt"] = {value<[](auto& t) -> auto& { return Of(t).total; }, read_amount>};
    fields[chrgs + "/Amt"] = {charge_opened<Of>};
    fields[chrgs + "/Rcrd/Amt"] = {charge_value<Of, &CamtCharge::amount, read_amount>};
    for (auto const* record : {"", "/Rcrd"}) {
        fields[chrgs + record + "/CdtDbtInd"] = {charge_value<Of, &CamtCharge::direction, read_direction>};
        fields[chrgs + record + "/ChrgInclInd"] = {charge_value<Of, &CamtCharge::included, read_flag>};
        fields[chrgs + record + "/Br"] = {charge_text<Of, &CamtCharge::bearer>};
        for (auto const* kind : {"/Tp/Cd", "/Tp/Prtry/Id"}) fields[chrgs + record + kind] = {charge_text<Of, &CamtCharge::kind>};
    }
}

void add_statement(Fields& fields)
{
    fields["Id"] = {text<[](auto& t) -> auto& { return t.statement().id; }>};
    fields["ElctrncSeqNb"] = {text<[](auto& t) -> auto& { return t.statement().sequence; }>};
    for (std::string const pages : {"RptPgntn", "StmtPgntn", "NtfctnPgntn"}) {
        fields[pages + "/PgNb"] = {text<[](auto& t) -> auto& { return t.statement().page; }>};
        fields[pages + "/LastPgInd"] = {value<[](auto& t) -> auto& { return t.statement().last_page; }, read_flag>};
    }
    fields["CreDtTm"] = {value<[](auto& t) -> auto& { return t.statement().created; }, read_time>};
    fields["FrToDt/FrDtTm"] = {value<[](auto& t) -> auto& { return t.statement().from; }, read_time>};
    fields["FrToDt/ToDtTm"] = {value<[](auto& t) -> auto& { return t.statement().to; }, read_time>};
    fields["Acct/Id/IBAN"] = fields["Acct/Id/Othr/Id"] = {text<[](auto& t) -> auto& { return t.statement().account; }>};
    fields["Acct/Ccy"] = {text<[](auto& t) -> auto& { return t.statement().currency; }>};

    fields["Bal/Tp/CdOrPrtry/Cd"] = fields["Bal/Tp/CdOrPrtry/Prtry"] = {text<[](auto& t) -> auto& { return t.balance().code; }>};
    fields["Bal/Amt"] = {value<[](auto& t) -> auto& { return t.balance().amount; }, read_amount>};
    fields["Bal/CdtDbtInd"] = {value<[](auto& t) -> auto& { return t.balance().direction; }, read_direction>};
    fields["Bal/Dt/Dt"] = {value<[](auto& t) -> auto& { return t.balance().date; }, read_day>};
    fields["Bal/Dt/DtTm"] = {value<[](auto& t) -> auto& { return t.balance().date; }, read_time>};
}

void add_entry(Fields& fields)
{
    fields["Ntry/NtryRef"] = {text<[](auto& t) -> auto& { return t.entry().reference; }>};
    fields["Ntry/AcctSvcrRef"] = {text<[](auto& t) -> auto& { return t.entry().servicer_ref; }>};
    fields["Ntry/Amt"] = {value<[](auto& t) -> auto& { return t.entry().amount; }, read_amount>};
    fields["Ntry/CdtDbtInd"] = {value<[](auto& t) -> auto& { return t.entry().direction; }, read_direction>};
    fields["Ntry/RvslInd"] = {value<[](auto& t) -> auto& { return t.entry().reversal; }, read_flag>};
    // .02 to .07: Sts; .08 on: Sts/Cd or Sts/Prtry.
    fields["Ntry/Sts"] = fields["Ntry/Sts/Cd"] = fields["Ntry/Sts/Prtry"] = {text<[](auto& t) -> auto& { return t.entry().status; }>};
    fields["Ntry/BookgDt/Dt"] = {value<[](auto& t) -> auto& { return t.entry().booked; }, read_day>};
    fields["Ntry/BookgDt/DtTm"] = {value<[](auto& t) -> auto& { return t.entry().booked; }, read_time>};
    fields["Ntry/ValDt/Dt"] = {value<[](auto& t) -> auto& { return t.entry().value; }, read_day>};
    fields["Ntry/ValDt/DtTm"] = {value<[](auto& t) -> auto& { return t.entry().value; }, read_time>};
    fields["Ntry/BkTxCd/Domn/Cd"] = fields["Ntry/BkTxCd/Domn/Fmly/Cd"] = fields["Ntry/BkTxCd/Domn/Fmly/SubFmlyCd"] = {code_part};
    fields["Ntry/BkTxCd/Prtry/Cd"] = {text<[](auto& t) -> auto& { return t.entry().code; }>};
    fields["Ntry/AddtlNtryInf"] = {text<[](auto& t) -> auto& { return t.entry().additional; }>};
    fields["Ntry/NtryDtls/Btch/PmtInfId"] = {text<[](auto& t) -> auto& { return t.entry().batch.id; }>};
    fields["Ntry/NtryDtls/Btch/NbOfTxs"] = {text<[](auto& t) -> auto& { return t.entry().batch.count; }>};
    fields["Ntry/NtryDtls/Btch/TtlAmt"] = {value<[](auto& t) -> auto& { return t.entry().batch.total; }, read_amount>};
    add_charges<charges_of_entry>(fields, "Ntry");
}

void add_references(Fields& fields, std::string const& tx)
{
    auto const refs = tx + "/Refs/";
    fields[refs + "MsgId"] = {text<[](auto& t) -> auto& { return t.tx().message_id; }>};
    fields[refs + "EndToEndId"] = {text<[](auto& t) -> auto& { return t.tx().end_to_end_id; }>};
    fields[refs + "UETR"] = {text<[](auto& t) -> auto& { return t.tx().uetr; }>};
    fields[refs + "TxId"] = {text<[](auto& t) -> auto& { return t.tx().transaction_id; }>};
    fields[refs + "InstrId"] = {text<[](auto& t) -> auto& { return t.tx().instruction_id; }>};
    fields[refs + "PmtInfId"] = {text<[](auto& t) -> auto& { return t.tx().payment_info_id; }>};
    fields[refs + "ClrSysRef"] = {text<[](auto& t) -> auto& { return t.tx().clearing_ref; }>};
    fields[refs + "PrcgId"] = {text<[](auto& t) -> auto& { return t.tx().processing_id; }>};
    fields[refs + "AcctSvcrRef"] = {text<[](auto& t) -> auto& { return t.tx().servicer_ref; }>};
    fields[refs + "AcctSvcrTxId"] = {text<[](auto& t) -> auto& { return t.tx().servicer_transaction_id; }>};
}

void add_parties(Fields& fields, std::string const& tx)
{
    auto const party = tx + "/RltdPties/";
    // .02 to .07 name the party directly, .08 on inside Pty, or inside Agt where a bank itself pays.
    for (auto const* name : {"Nm", "Pty/Nm", "Agt/FinInstnId/Nm"}) {
        fields[party + "Dbtr/" + name] = {text<[](auto& t) -> auto& { return t.tx().debtor; }>};
        fields[party + "Cdtr/" + name] = {text<[](auto& t) -> auto& { return t.tx().creditor; }>};
    }
    for (auto const* id : {"Id/IBAN", "Id/Othr/Id"}) {
        fields[party + "DbtrAcct/" + id] = {text<[](auto& t) -> auto& { return t.tx().debtor_account; }>};
        fields[party + "CdtrAcct/" + id] = {text<[](auto& t) -> auto& { return t.tx().creditor_account; }>};
    }
    // BIC in .02, BICFI later; the member number where the bank is told by a clearing system; the name last.
    for (auto const* bank : {"BIC", "BICFI", "ClrSysMmbId/MmbId", "Nm"}) {
        fields[tx + "/RltdAgts/DbtrAgt/FinInstnId/" + bank] = {text<[](auto& t) -> auto& { return t.tx().debtor_bank; }>};
        fields[tx + "/RltdAgts/CdtrAgt/FinInstnId/" + bank] = {text<[](auto& t) -> auto& { return t.tx().creditor_bank; }>};
    }
}

Fields make_fields()
{
    Fields fields;
    std::string const tx = "Ntry/NtryDtls/TxDtls";
    for (auto const* holder : {"Acct", "Acct/Id", "FrToDt", "Bal/Tp", "Bal/Dt", "Ntry/BookgDt", "Ntry/ValDt", "Ntry/BkTxCd"}) {
        fields[holder] = {nothing};
    }
    for (auto const* holder : {"/Refs", "/AmtDtls", "/AmtDtls/TxAmt", "/RltdPties", "/RmtInf"}) fields[tx + holder] = {nothing};
    add_statement(fields);
    add_entry(fields);
    add_references(fields, tx);
    add_parties(fields, tx);
    add_charges<charges_of_tx>(fields, tx);
    fields[tx + "/Amt"] = {own_amount};
    fields[tx + "/AmtDtls/TxAmt/Amt"] = {transaction_amount};
    fields[tx + "/CdtDbtInd"] = {value<[](auto& t) -> auto& { return t.tx().direction; }, read_direction>};
    fields[tx + "/RmtInf/Ustrd"] = {list<[](auto& t) -> auto& { return t.tx().unstructured; }>, false, true};
    fields[tx + "/RmtInf/Strd/CdtrRefInf/Ref"] = {list<[](auto& t) -> auto& { return t.tx().structured; }>};
    fields[tx + "/AddtlTxInf"] = {text<[](auto& t) -> auto& { return t.tx().additional; }>};
    fields[tx + "/RtrInf/Rsn/Cd"] = fields[tx + "/RtrInf/Rsn/Prtry"] = {text<[](auto& t) -> auto& { return t.tx().return_reason; }>};
    fields[tx + "/RtrInf/AddtlInf"] = {return_text, false};
    return fields;
}

}  // namespace

CamtField const* find_camt_field(std::string_view path)
{
    static auto const fields = make_fields();
    static std::unordered_map<std::string_view, CamtField const*> const index = [] {
        std::unordered_map<std::string_view, CamtField const*> by_path;
        for (auto const& [name, field] : fields) by_path[name] = &field;
        return by_path;
    }();
    auto const it = index.find(path);
    return it == index.end() ? nullptr : it->second;
}

bool is_single(CamtField const& field) { return field.single; }

Result<Done> set_camt_field(CamtDraft& draft, CamtField const& field, std::string const& text, std::string const& currency)
{
    auto const trimmed = std::string(trim(text));
    if (trimmed.empty()) return Done{};
    return field.set(Target{draft, field.keeps_spaces ? text : trimmed, currency});
}

std::size_t open_camt_member(CamtDraft& draft, std::string_view path, int line)
{
    if (path == "Ntry") {
        draft.entry = CamtEntry();
        draft.entry.line = line;
        return sizeof(CamtEntry);
    }
    if (path == "Ntry/NtryDtls/TxDtls") {
        draft.entry.transactions.emplace_back().line = line;
        return sizeof(CamtTransaction);
    }
    if (path == "Bal") {
        draft.statement.balances.emplace_back();
        return sizeof(CamtBalance);
    }
    if (path == "Ntry/Chrgs/Rcrd") {
        draft.entry.charges.records.emplace_back();
        return sizeof(CamtCharge);
    }
    if (path == "Ntry/NtryDtls/TxDtls/Chrgs/Rcrd") {
        draft.entry.transactions.back().charges.records.emplace_back();
        return sizeof(CamtCharge);
    }
    return 0;
}

}  // namespace cho40::statements
