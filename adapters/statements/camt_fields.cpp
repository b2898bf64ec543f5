#include "adapters/statements/camt_fields.h"
#include "base/text.h"
#include <functional>
#include <unordered_map>

namespace cho40::statements {
namespace {

// What an element's text is put into.
struct Target {
    CamtStatement& statement;
    std::string const& text;
    std::string const& currency;

    [[nodiscard]] CamtEntry& entry() const { return statement.entries.back(); }
    [[nodiscard]] CamtTransaction& tx() const { return entry().transactions.back(); }
    [[nodiscard]] CamtBalance& balance() const { return statement.balances.back(); }
};

using Setter = std::function<Result<Done>(Target const&)>;

Result<CamtAmount> read_amount(Target const& t)
{
    if (t.currency.size() != 3) return fail(Errc::invalid_input, "an amount needs a currency of three letters");
    CHO_TRY(auto const value, Decimal::parse(t.text));
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
    return fail(Errc::invalid_input, "the reversal indicator must be true, false, 1 or 0, not " + t.text.substr(0, 10));
}

template <class Access>
Setter text_of(Access access)
{
    return [access](Target const& t) -> Result<Done> {
        if (access(t).empty()) access(t) = t.text;
        return Done{};
    };
}

template <class Access>
Setter list_of(Access access)
{
    return [access](Target const& t) -> Result<Done> {
        access(t).push_back(t.text);
        return Done{};
    };
}

template <class Access, class Read>
Setter value_of(Access access, Read read)
{
    return [access, read](Target const& t) -> Result<Done> {
        CHO_TRY(access(t), read(t));
        return Done{};
    };
}

// Domain, family and sub-family make one code.
Setter code_part()
{
    return [](Target const& t) -> Result<Done> {
        auto& code = t.entry().code;
        if (!code.empty()) code += '/';
        code += t.text;
        return Done{};
    };
}

std::unordered_map<std::string_view, Setter> make_setters()
{
    std::unordered_map<std::string_view, Setter> set;
    set["Id"] = text_of([](auto& t) -> auto& { return t.statement.id; });
    set["CreDtTm"] = value_of([](auto& t) -> auto& { return t.statement.created; }, read_time);
    set["FrToDt/FrDtTm"] = value_of([](auto& t) -> auto& { return t.statement.from; }, read_time);
    set["FrToDt/ToDtTm"] = value_of([](auto& t) -> auto& { return t.statement.to; }, read_time);
    set["Acct/Id/IBAN"] = set["Acct/Id/Othr/Id"] = text_of([](auto& t) -> auto& { return t.statement.account; });
    set["Acct/Ccy"] = text_of([](auto& t) -> auto& { return t.statement.currency; });

    set["Bal/Tp/CdOrPrtry/Cd"] = set["Bal/Tp/CdOrPrtry/Prtry"] = text_of([](auto& t) -> auto& { return t.balance().code; });
    set["Bal/Amt"] = value_of([](auto& t) -> auto& { return t.balance().amount; }, read_amount);
    set["Bal/CdtDbtInd"] = value_of([](auto& t) -> auto& { return t.balance().direction; }, read_direction);
    set["Bal/Dt/Dt"] = value_of([](auto& t) -> auto& { return t.balance().date; }, read_day);
    set["Bal/Dt/DtTm"] = value_of([](auto& t) -> auto& { return t.balance().date; }, read_time);

    set["Ntry/NtryRef"] = text_of([](auto& t) -> auto& { return t.entry().reference; });
    set["Ntry/AcctSvcrRef"] = text_of([](auto& t) -> auto& { return t.entry().servicer_ref; });
    set["Ntry/Amt"] = value_of([](auto& t) -> auto& { return t.entry().amount; }, read_amount);
    set["Ntry/CdtDbtInd"] = value_of([](auto& t) -> auto& { return t.entry().direction; }, read_direction);
    set["Ntry/RvslInd"] = value_of([](auto& t) -> auto& { return t.entry().reversal; }, read_flag);
    // .02 to .07: Sts; .08 on: Sts/Cd or Sts/Prtry.
    set["Ntry/Sts"] = set["Ntry/Sts/Cd"] = set["Ntry/Sts/Prtry"] = text_of([](auto& t) -> auto& { return t.entry().status; });
    set["Ntry/BookgDt/Dt"] = value_of([](auto& t) -> auto& { return t.entry().booked; }, read_day);
    set["Ntry/BookgDt/DtTm"] = value_of([](auto& t) -> auto& { return t.entry().booked; }, read_time);
    set["Ntry/ValDt/Dt"] = value_of([](auto& t) -> auto& { return t.entry().value; }, read_day);
    set["Ntry/ValDt/DtTm"] = value_of([](auto& t) -> auto& { return t.entry().value; }, read_time);
    set["Ntry/BkTxCd/Domn/Cd"] = set["Ntry/BkTxCd/Domn/Fmly/Cd"] = set["Ntry/BkTxCd/Domn/Fmly/SubFmlyCd"] = code_part();
    set["Ntry/BkTxCd/Prtry/Cd"] = text_of([](auto& t) -> auto& { return t.entry().code; });
    set["Ntry/AddtlNtryInf"] = text_of([](auto& t) -> auto& { return t.entry().additional; });
    set["Ntry/NtryDtls/Btch/PmtInfId"] = text_of([](auto& t) -> auto& { return t.entry().batch_id; });

    // The keys are literals, so a name made of two parts is written out in full.
    set["Ntry/NtryDtls/TxDtls/Refs/EndToEndId"] = text_of([](auto& t) -> auto& { return t.tx().end_to_end_id; });
    set["Ntry/NtryDtls/TxDtls/Refs/TxId"] = text_of([](auto& t) -> auto& { return t.tx().transaction_id; });
    set["Ntry/NtryDtls/TxDtls/Refs/InstrId"] = text_of([](auto& t) -> auto& { return t.tx().instruction_id; });
    set["Ntry/NtryDtls/TxDtls/Refs/PmtInfId"] = text_of([](auto& t) -> auto& { return t.tx().payment_info_id; });
    set["Ntry/NtryDtls/TxDtls/Refs/AcctSvcrRef"] = text_of([](auto& t) -> auto& { return t.tx().servicer_ref; });
    set["Ntry/NtryDtls/TxDtls/Amt"] = [](Target const& t) -> Result<Done> {
        CHO_TRY(t.tx().amount, read_amount(t));
        t.tx().amount_is_own = true;
        return Done{};
    };
    set["Ntry/NtryDtls/TxDtls/AmtDtls/TxAmt/Amt"] = [](Target const& t) -> Result<Done> {
        if (t.tx().amount_is_own) return Done{};
        CHO_TRY(t.tx().amount, read_amount(t));
        return Done{};
    };
    set["Ntry/NtryDtls/TxDtls/CdtDbtInd"] = value_of([](auto& t) -> auto& { return t.tx().direction; }, read_direction);
    // .02 to .07 name the party directly, .08 on inside Pty.
    set["Ntry/NtryDtls/TxDtls/RltdPties/Dbtr/Nm"] = set["Ntry/NtryDtls/TxDtls/RltdPties/Dbtr/Pty/Nm"] = text_of(
        [](auto& t) -> auto& { return t.tx().debtor; });
    set["Ntry/NtryDtls/TxDtls/RltdPties/Cdtr/Nm"] = set["Ntry/NtryDtls/TxDtls/RltdPties/Cdtr/Pty/Nm"] = text_of(
        [](auto& t) -> auto& { return t.tx().creditor; });
    set["Ntry/NtryDtls/TxDtls/RltdPties/DbtrAcct/Id/IBAN"] = set["Ntry/NtryDtls/TxDtls/RltdPties/DbtrAcct/Id/Othr/Id"] = text_of(
        [](auto& t) -> auto& { return t.tx().debtor_account; });
    set["Ntry/NtryDtls/TxDtls/RltdPties/CdtrAcct/Id/IBAN"] = set["Ntry/NtryDtls/TxDtls/RltdPties/CdtrAcct/Id/Othr/Id"] = text_of(
        [](auto& t) -> auto& { return t.tx().creditor_account; });
    set["Ntry/NtryDtls/TxDtls/RmtInf/Ustrd"] = list_of([](auto& t) -> auto& { return t.tx().unstructured; });
    set["Ntry/NtryDtls/TxDtls/RmtInf/Strd/CdtrRefInf/Ref"] = list_of([](auto& t) -> auto& { return t.tx().structured; });
    set["Ntry/NtryDtls/TxDtls/AddtlTxInf"] = text_of([](auto& t) -> auto& { return t.tx().additional; });
    set["Ntry/NtryDtls/TxDtls/RtrInf/Rsn/Cd"] = set["Ntry/NtryDtls/TxDtls/RtrInf/Rsn/Prtry"] = text_of(
        [](auto& t) -> auto& { return t.tx().return_reason; });
    return set;
}

}  // namespace

Result<Done> set_camt_field(CamtStatement& statement, std::string_view path, std::string const& text, std::string const& currency)
{
    static auto const setters = make_setters();
    auto const it = setters.find(path);
    if (it == setters.end()) return Done{};
    auto const trimmed = std::string(trim(text));
    if (trimmed.empty()) return Done{};
    // Parts of a text keep their spaces: a cut may fall on one.
    bool const part = path == "Ntry/NtryDtls/TxDtls/RmtInf/Ustrd";
    return it->second(Target{statement, part ? text : trimmed, currency});
}

void open_camt_member(CamtStatement& statement, std::string_view path, int line)
{
    if (path == "Ntry") {
        statement.entries.emplace_back().line = line;
    } else if (path == "Ntry/NtryDtls/TxDtls") {
        statement.entries.back().transactions.emplace_back();
    } else if (path == "Bal") {
        statement.balances.emplace_back();
    }
}

}  // namespace cho40::statements
