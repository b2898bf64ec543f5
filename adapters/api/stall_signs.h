#pragma once
#include "adapters/api/context.h"
#include "adapters/stores/merchant_contracts.h"
#include <boost/asio/thread_pool.hpp>
#include <nlohmann/json_fwd.hpp>

namespace cho40::api {

// What the routes of stalls' signs work with beside the payment side's own.
struct SignDesk {
    Context& context;
    stores::MerchantContractStore& contracts;
    merchants::RegisterMerchantContract& register_contract;
    boost::asio::thread_pool& computing;
};

// stalls.read, stalls.sign_pdf, stalls.sign_svg, stalls.sign_png, sign_checks.create, merchant_contracts.create.
void add_stall_sign_routes(http::Router& router, SignDesk& desk);

}  // namespace cho40::api
