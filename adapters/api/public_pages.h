#pragma once
#include "adapters/api/fees.h"

namespace cho40::api {

// The pages for people without an account (adapters/pages) and their assets: /, /pay…, /receipt/{code}, /verify,
// /market/{market}. Trouble is answered in words, as a page with the right status.
void add_public_pages(http::Router& router, FeeContext& context);

}  // namespace cho40::api
