#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "control/edit.h"

namespace hpvmnet {

inline VswitchName named(const std::string& name) { return {.name = name, .number = 0}; }

inline VnicRequest vnic(const std::string& adaptor, const std::string& vswitch,
                        std::optional<std::uint32_t> port = {}) {
  VnicRequest request;
  request.adaptor = adaptor;
  request.vswitch = vswitch;
  request.port = port;
  return request;
}

inline VnicRequest at(std::uint32_t bus, std::uint32_t device, VnicRequest request = {}) {
  request.bus = bus;
  request.device = device;
  return request;
}

inline VnicRequest with_mac(const char* mac, VnicRequest request = {}) {
  request.mac = MacAddress::parse(mac).value();
  return request;
}

inline VnicRequest to_endpoint(const std::string& endpoint, VnicRequest request = {}) {
  request.endpoint = endpoint;
  return request;
}

/// A context that knows avio_lan, lan and tap; its random numbers are always the same ones.
inline EditContext edit_context() {
  return {.adaptor_known =
              [](std::string_view name) {
                return name == "avio_lan" || name == "lan" || name == "tap";
              },
          .random = [engine = std::mt19937_64(1)]() mutable { return engine(); }};
}

/// Makes models for tests out of edits that must succeed.
struct ModelBuilder {
  Model model = initial_model();
  EditContext context = edit_context();

  ModelBuilder& vswitch(const std::string& name) {
    EXPECT_TRUE(create_vswitch(model, name)) << name;
    return *this;
  }
  ModelBuilder& guest(const std::string& name, const std::vector<VnicRequest>& vnics) {
    const Status status = create_guest(model, name, vnics, context);
    EXPECT_TRUE(status) << status.error().text;
    return *this;
  }
};

}  // namespace hpvmnet
