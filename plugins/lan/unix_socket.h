#pragma once

#include <filesystem>
#include <string_view>

#include <sys/un.h>

#include "base/fd.h"
#include "base/result.h"
#include "base/socket_access.h"

namespace hpvmnet::lan {

/// Judges whether the system takes `path` as a socket's name. `way_out`: what helps where it does
/// not.
Status check_socket_path(const std::filesystem::path& path, std::string_view way_out);

/// The address of a path that check_socket_path() has accepted.
sockaddr_un unix_address(const std::filesystem::path& path) noexcept;

/// Makes a non-blocking socket of `type` with the name `path`, in the place of one that a former
/// daemon has left. Anything else at that path is an error and stays.
Result<Fd> bind_socket(const std::filesystem::path& path, int type, const SocketAccess& access);

/// A non-blocking stream socket connected to the one that listens at `path`, which
/// check_socket_path() has accepted. Does not wait.
Result<Fd> connect_socket(const std::filesystem::path& path);

/// Asks for room for many frames in both directions; the system may give less.
void enlarge_buffers(int socket) noexcept;

/// Whether there is something to read, or the connection is over.
bool input_waits(int socket) noexcept;

/// The process at the other end of a connection; 0 where the system does not know.
int peer_process(int socket) noexcept;

}  // namespace hpvmnet::lan
