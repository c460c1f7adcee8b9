#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <ostream>
#include <string>

#include "cli/pcapng.h"
#include "hpvmnet/v1/packet.pb.h"

namespace hpvmnet::cli {

/// A capture as a file: an interface for each port that has shown something, and their statistics
/// at the end.
class CaptureFile {
 public:
  /// `name_of` names a port, of which it is asked once. `out` outlives it.
  CaptureFile(std::ostream& out, std::uint32_t snaplen,
              std::function<std::string(std::uint32_t port)> name_of);

  void write(const v1::CapturedFrame& frame);
  void note_losses(const v1::CaptureBatch& batch);
  void finish();

  std::uint64_t frames() const { return frames_; }
  std::uint64_t lost() const { return lost_; }

 private:
  struct Interface {
    std::uint32_t id = 0;
    std::uint64_t frames = 0;
    std::uint64_t lost = 0;
  };
  Interface& interface_of(std::uint32_t port);

  PcapngWriter writer_;
  std::uint32_t snaplen_;
  std::function<std::string(std::uint32_t)> name_of_;
  std::map<std::uint32_t, Interface> interfaces_;  // by port
  std::uint64_t frames_ = 0;
  std::uint64_t lost_ = 0;
  std::uint64_t newest_ns_ = 0;
};

}  // namespace hpvmnet::cli
