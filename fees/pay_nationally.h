#pragma once
#include "fees/national_ports.h"
#include "fees/pay_notice.h"
#include "qr-pay/intake.h"

namespace cho40::fees {

// Paying a notice over the national payment platform. An attempt is durable before the platform is called, and is never opened twice:
// what becomes of a call that nobody heard the end of is asked, not tried again. Its success is durable before its money is booked,
// and its money goes the way of every rail's: kept first, then matched and receipted, once.
class PayNationally {
public:
    // Nobody needs so many at once; each is a call of the platform, and asked about for days.
    static constexpr int open_max = 10;

    PayNationally(Notices& notices, NationalPayments& payments, NationalPlatform& platform, StartPaying& start_paying,
                  qr_pay::Intake& intake, ledger::Ledger& ledger, NationalReports& reports, Clock const& clock, Random& random)
        : notices_(notices), payments_(payments), platform_(platform), start_paying_(start_paying), intake_(intake), ledger_(ledger),
          reports_(reports), clock_(clock), random_(random)
    {
    }

    // A new attempt for all that the notice asks for; `key` names the intention, and the same key gives the same attempt. Errors:
    // those of StartPaying; invalid_state (the agency does not take money this way, or part of the dues has come: the platform is
    // asked for whole notices only); rate_limited (open_max attempts of the notice wait for their end).
    [[nodiscard]] boost::asio::awaitable<Result<NationalPayment>> start(Id<FeeNotice> notice, std::string key,
                                                                        ledger::Extra<NationalPayment> extra);
    // Calls the platform for an attempt that it was not called for yet; any other stays as it is.
    [[nodiscard]] boost::asio::awaitable<Result<NationalPayment>> open(Id<NationalPayment> id);
    // What the platform told of an attempt, proved and held against our record. When it answers without an error, that is durable.
    [[nodiscard]] boost::asio::awaitable<Result<NationalPayment>> hear(Id<NationalPayment> id, NationalResult result, std::string bytes);
    // The attempt that has waited longest is asked about, booked, or given up on. True: there may be more.
    [[nodiscard]] boost::asio::awaitable<Result<bool>> turn();

private:
    boost::asio::awaitable<Result<NationalPayment>> write(NationalPayment before, NationalPayment after, std::string event,
                                                          std::shared_ptr<ledger::AttachedRow const> more);
    boost::asio::awaitable<Result<NationalPayment>> judge(Id<NationalPayment> id, NationalResult result);
    boost::asio::awaitable<Result<Done>> take_money(NationalPayment payment, NationalResult result, std::string bytes);
    boost::asio::awaitable<Result<NationalPayment>> book(NationalPayment payment, std::string bytes);
    boost::asio::awaitable<Result<Done>> look(NationalPayments::Turn turn);
    boost::asio::awaitable<Result<Done>> fetch_bill(NationalPayments::Turn turn);

    Notices& notices_;
    NationalPayments& payments_;
    NationalPlatform& platform_;
    StartPaying& start_paying_;
    qr_pay::Intake& intake_;
    ledger::Ledger& ledger_;
    NationalReports& reports_;
    Clock const& clock_;
    Random& random_;
};

}  // namespace cho40::fees
