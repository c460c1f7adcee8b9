#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "cli/listing.h"
#include "hpvmnet/v1/guest.pb.h"
#include "hpvmnet/v1/vswitch.pb.h"

namespace hpvmnet::cli {

// What the daemon tells, as the subcommands list it: a row for each thing.

std::string vswitches_listing(const v1::ListVswitchesResponse& all, const Listing::Layout& layout);
/// The ports of all these vswitches.
std::string ports_listing(const v1::ListVswitchesResponse& all, const Listing::Layout& layout);
/// What the ports have counted, those to backing interfaces included.
std::string counters_listing(const v1::ListVswitchesResponse& all, const Listing::Layout& layout);
std::string guests_listing(const v1::ListGuestsResponse& all, const Listing::Layout& layout);
std::string vnics_listing(const v1::Guest& guest, const Listing::Layout& layout);
std::string addresses_listing(const std::vector<v1::MacAddressEntry>& entries,
                              const Listing::Layout& layout);

std::string mirrors_listing(const v1::ListVswitchesResponse& all, const Listing::Layout& layout);

/// Frames by vswitch, port and reason.
using Drops = std::map<std::tuple<std::string, std::uint32_t, std::string>, std::uint64_t>;
Drops drops_of(const v1::ListVswitchesResponse& all);
/// What ports have dropped, and why. `before`: with what has grown since, too; may be null.
std::string drops_listing(const v1::ListVswitchesResponse& all, const Drops* before,
                          const Listing::Layout& layout);

}  // namespace hpvmnet::cli
