// A value or the reason why there is none. The control path returns it instead of throwing: no
// exception may cross a C callback.
#pragma once

#include <cassert>
#include <string>
#include <utility>
#include <variant>

namespace genesys {

/// Marks a value as the failure of a Result: `return Failure{Error{...}};`
template <class E>
struct Failure {
  E error;
};
template <class E>
Failure(E) -> Failure<E>;

/// Either a T or an E. Reading the side that is not there is a programming error (asserted).
template <class T, class E = std::string>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  template <class F>
  Result(Failure<F> failure) : state_(std::in_place_index<1>, std::move(failure.error)) {}

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  T& value() & { return assert(ok()), std::get<0>(state_); }
  const T& value() const& { return assert(ok()), std::get<0>(state_); }
  T&& value() && { return assert(ok()), std::get<0>(std::move(state_)); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  const E& error() const { return assert(!ok()), std::get<1>(state_); }

 private:
  std::variant<T, E> state_;
};

/// The success of a Result that carries nothing.
struct Done {};

}  // namespace genesys
