#pragma once

#include <functional>
#include <string>
#include <utility>

#include "control/event_journal.h"
#include "control/move_reporter.h"
#include "plugin/adaptor.h"

namespace hpvmnet {

/// Tells the journal what happens at guests' ports and at backing interfaces: the sentences for it.
/// Control thread.
class PortEvents {
 public:
  /// The guest that alone reserves a port; empty where there are several, or none.
  using GuestOf = std::function<std::string(const std::string& vswitch, PortNumber port)>;

  explicit PortEvents(EventJournal& journal) : journal_(journal) {}

  /// Until it is set, guests are not named.
  void set_guest_of(GuestOf guest_of) { guest_of_ = std::move(guest_of); }

  // Of guests' ports; others are ignored.
  void attached(const PortSpec& port);
  void detached(const PortSpec& port);
  void up(const PortSpec& port);
  void down(const PortSpec& port);
  void blocked(const PortSpec& port);
  void unblocked(const PortSpec& port);

  // Of ports to backing interfaces.
  void link_back(const PortSpec& port, const std::string& mode);
  void link_lost(const PortSpec& port, const std::string& why);

  void moved(const std::string& vswitch, const MoveReporter::Report& report);

 private:
  std::string guest_of(const PortSpec& port) const;
  void publish_of_guest(EventKind kind, const PortSpec& port, std::string_view form);
  void publish_of_link(EventKind kind, const PortSpec& port, std::string text);
  void publish_move(const std::string& vswitch, const StationMoves::Move& move);

  EventJournal& journal_;
  GuestOf guest_of_;
};

}  // namespace hpvmnet
