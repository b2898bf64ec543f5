#pragma once

namespace cho40::fault {

// Places where a test can make things go wrong. Each has a name, "ledger/commit/before"; programs built without CHO40_FAULTS
// (the release build) have none of them. The environment variable CHO40_FAULT says what happens, for instance
// `ledger/commit/before=crash@7`: at the seventh time it is reached. Several are parted by commas; each happens once.
//   crash   the process ends there, as by kill -9
//   freeze  the process stops there, as by SIGSTOP, and goes on with SIGCONT
//   lose    the connection is lost, or the answer that has just been read
//   refuse  the database says no
enum class Effect { none, lose, refuse };  // what the place itself has to bring about

// Ends or stops the process when that is what was asked for. A place that cannot bring about an effect ignores it.
[[nodiscard]] Effect reached(char const* place);

}  // namespace cho40::fault

#ifdef CHO40_FAULTS
    #define CHO_FAULT(place) ::cho40::fault::reached(place)
#else
    #define CHO_FAULT(place) ::cho40::fault::Effect::none
#endif
