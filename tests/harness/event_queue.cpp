#include "harness/event_queue.hpp"

#include <algorithm>

#include "harness/janus_abi.hpp"

namespace genesys::harness {
namespace {

/// result.`field` of an event's text, for as long as `owner` lives.
const json_t* member(const std::string& body, const char* field, Json& owner) {
  owner.reset(json_loads(body.c_str(), 0, nullptr));
  return json_object_get(json_object_get(owner.get(), "result"), field);
}

}  // namespace

std::string Event::text(const char* field) const {
  Json owner;
  const char* const value = json_string_value(member(body, field, owner));
  return value ? value : "";
}

long long Event::number(const char* field) const {
  Json owner;
  const json_t* const value = member(body, field, owner);
  return json_is_integer(value) ? json_integer_value(value) : -1;
}

void EventQueue::push(Event event) {
  const std::lock_guard lock(mutex_);
  events_.push_back(std::move(event));
  changed_.notify_all();
}

std::optional<Event> EventQueue::take(const Test& test, std::chrono::milliseconds limit) {
  std::unique_lock lock(mutex_);
  auto found = events_.end();
  const bool came = changed_.wait_for(lock, limit, [&] {
    found = std::find_if(events_.begin(), events_.end(), test);
    return found != events_.end();
  });
  if (!came) return std::nullopt;
  Event event = std::move(*found);
  events_.erase(found);
  return event;
}

std::optional<Event> EventQueue::take(const std::string& name, std::chrono::milliseconds limit) {
  return take([&](const Event& event) { return event.name == name; }, limit);
}

std::optional<Event> EventQueue::answerTo(const std::string& transaction,
                                          std::chrono::milliseconds limit) {
  return take([&](const Event& event) { return event.transaction == transaction; }, limit);
}

size_t EventQueue::size() const {
  const std::lock_guard lock(mutex_);
  return events_.size();
}

std::string EventQueue::text() const {
  const std::lock_guard lock(mutex_);
  std::string all;
  for (const Event& event : events_) all += event.transaction + " " + event.body + "\n";
  return all;
}

}  // namespace genesys::harness
