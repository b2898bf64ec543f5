#include "adapters/redis/link.h"
#include "base/check.h"
#include <boost/asio/post.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <charconv>
#include <hiredis/async.h>
#include <hiredis/hiredis.h>

namespace cho40::redis {

namespace asio = boost::asio;
using Descriptor = asio::posix::stream_descriptor;

Result<Address> Address::parse(std::string const& url)
{
    // The text of the error never repeats the URL: it may hold a password.
    auto const wrong = [] { return fail(Errc::invalid_config, "redis.url must be unix:///path or redis://[:password@]host[:port]"); };
    auto const parsed = boost::urls::parse_uri(url);
    if (!parsed) return wrong();
    Address address;
    address.password = parsed->password();
    if (parsed->scheme() == "unix") {
        address.path = parsed->path();
        if (address.path.empty() || address.path.front() != '/' || address.path.size() > 107) return wrong();
        return address;
    }
    if (parsed->scheme() != "redis" || parsed->host().empty()) return wrong();
    address.host = parsed->host_address();
    if (parsed->has_port()) {
        if (parsed->port_number() == 0) return wrong();
        address.port = parsed->port_number();
    }
    return address;
}

Reply copy_reply(redisReply const* reply)
{
    Reply copy;
    switch (reply->type) {
    case REDIS_REPLY_INTEGER:
        copy.kind = Reply::Kind::integer;
        copy.number = reply->integer;
        break;
    case REDIS_REPLY_STRING:
    case REDIS_REPLY_STATUS:
        copy.kind = Reply::Kind::text;
        copy.text.assign(reply->str, static_cast<std::size_t>(reply->len));
        break;
    case REDIS_REPLY_ERROR:
        copy.kind = Reply::Kind::error;
        copy.text.assign(reply->str, static_cast<std::size_t>(reply->len));
        break;
    case REDIS_REPLY_ARRAY:
        copy.kind = Reply::Kind::list;
        for (std::size_t i = 0; i < reply->elements; ++i) copy.items.push_back(copy_reply(reply->element[i]));
        break;
    default: break;
    }
    return copy;
}

Link::Link(asio::any_io_executor executor, Events events) : descriptor_(executor), events_(std::move(events)) {}

Link::~Link()
{
    over_ = true;
    close("");
}

void Link::connect(Address const& address)
{
    CHO_CHECK(context_ == nullptr);
    context_ = address.path.empty() ? redisAsyncConnect(address.host.c_str(), address.port) : redisAsyncConnectUnix(address.path.c_str());
    if (!context_) return ended("out of memory");
    if (context_->err) {
        std::string why = context_->errstr;
        redisAsyncFree(std::exchange(context_, nullptr));
        return ended(std::move(why));
    }
    descriptor_.assign(context_->c.fd);
    context_->data = this;
    context_->ev.data = this;
    context_->ev.addRead = [](void* self) { static_cast<Link*>(self)->read_wanted_ = true, static_cast<Link*>(self)->arm_read(); };
    context_->ev.delRead = [](void* self) { static_cast<Link*>(self)->read_wanted_ = false; };
    context_->ev.addWrite = [](void* self) { static_cast<Link*>(self)->write_wanted_ = true, static_cast<Link*>(self)->arm_write(); };
    context_->ev.delWrite = [](void* self) { static_cast<Link*>(self)->write_wanted_ = false; };
    context_->ev.cleanup = [](void* self) { static_cast<Link*>(self)->detach(); };
    redisAsyncSetDisconnectCallback(context_, [](redisAsyncContext const*, int) {});
    // This asks for a write, which tells when the connection stands.
    redisAsyncSetConnectCallback(context_, [](redisAsyncContext const* context, int status) {
        auto* const self = static_cast<Link*>(context->data);
        if (status != REDIS_OK) return;  // hiredis frees the context now; cleanup says so
        self->up_ = true;
        // Through the loop: what follows may send, close or drop this link.
        asio::post(self->descriptor_.get_executor(), [weak = self->weak_from_this()] {
            auto const link = weak.lock();
            if (link && link->up_ && link->events_.up) link->events_.up();
        });
    });
    if (!address.password.empty()) (void)send({"AUTH", address.password}, {});  // a refusal shows in every later reply
}

void Link::arm_read()
{
    if (read_armed_ || !descriptor_.is_open()) return;
    read_armed_ = true;
    descriptor_.async_wait(Descriptor::wait_read, [self = shared_from_this()](boost::system::error_code error) {
        self->read_armed_ = false;
        if (error || !self->context_) return;
        if (self->read_wanted_) redisAsyncHandleRead(self->context_);
        if (self->context_ && self->read_wanted_) self->arm_read();
    });
}

void Link::arm_write()
{
    if (write_armed_ || !descriptor_.is_open()) return;
    write_armed_ = true;
    descriptor_.async_wait(Descriptor::wait_write, [self = shared_from_this()](boost::system::error_code error) {
        self->write_armed_ = false;
        if (error || !self->context_) return;
        if (self->write_wanted_) redisAsyncHandleWrite(self->context_);
        if (self->context_ && self->write_wanted_) self->arm_write();
    });
}

// hiredis is about to free its context: the end of this connection, whoever began it.
void Link::detach()
{
    if (!context_) return;
    std::string why = context_->errstr && *context_->errstr ? context_->errstr : "closed";
    context_ = nullptr;
    if (descriptor_.is_open()) descriptor_.release();
    ended(std::move(why));
}

void Link::ended(std::string why)
{
    up_ = false;
    read_wanted_ = write_wanted_ = false;
    if (std::exchange(over_, true)) return;
    asio::post(descriptor_.get_executor(), [down = std::move(events_.down), why = std::move(why)] {
        if (down) down(why);
    });
}

void Link::close(std::string why)
{
    if (!context_) return;
    auto* const context = context_;
    auto const keep = weak_from_this().lock();  // replies that fail now may drop the last other owner
    up_ = false;
    context_ = nullptr;
    if (descriptor_.is_open()) descriptor_.release();
    context->ev.cleanup = nullptr;
    context->ev.addRead = context->ev.delRead = context->ev.addWrite = context->ev.delWrite = nullptr;
    redisAsyncFree(context);  // within one of its callbacks hiredis waits for the callback's end
    ended(std::move(why));
}

bool Link::send(std::vector<std::string_view> const& words, OnReply reply)
{
    if (!context_) return false;
    std::vector<char const*> values;
    std::vector<std::size_t> sizes;
    for (auto const& word : words) {
        values.push_back(word.data());
        sizes.push_back(word.size());
    }
    struct Pending {
        Link* link;
        OnReply reply;
    };
    auto pending = std::make_unique<Pending>(Pending{this, std::move(reply)});
    auto const answered = [](redisAsyncContext*, void* answer, void* data) {
        std::unique_ptr<Pending> const owned(static_cast<Pending*>(data));
        --owned->link->in_flight_;
        if (owned->reply) owned->reply(static_cast<redisReply const*>(answer));
    };
    if (redisAsyncCommandArgv(context_, answered, pending.get(), static_cast<int>(words.size()), values.data(), sizes.data()) != REDIS_OK)
        return false;
    (void)pending.release();  // the callback owns it: it comes exactly once, with null when the connection ends
    ++in_flight_;
    return true;
}

bool Link::subscribe(std::vector<std::string> const& channels)
{
    if (!context_ || channels.empty()) return context_ != nullptr;
    std::vector<char const*> values{"SUBSCRIBE"};
    std::vector<std::size_t> sizes{9};
    for (auto const& channel : channels) {
        values.push_back(channel.data());
        sizes.push_back(channel.size());
    }
    // Called for the confirmation of each channel and for each message, and with null at the end.
    auto const pushed = [](redisAsyncContext* context, void* answer, void*) {
        auto const* const reply = static_cast<redisReply const*>(answer);
        auto* const self = static_cast<Link*>(context->data);
        if (!reply || reply->type != REDIS_REPLY_ARRAY || reply->elements < 3 || !self->events_.pushed) return;
        Pushed message;
        auto const text = [&](std::size_t i) {
            auto const* const part = reply->element[i];
            return part->type == REDIS_REPLY_STRING ? std::string(part->str, static_cast<std::size_t>(part->len)) : std::string();
        };
        message.kind = text(0);
        message.channel = text(1);
        message.payload = text(2);
        asio::post(self->descriptor_.get_executor(), [weak = self->weak_from_this(), message = std::move(message)]() mutable {
            auto const link = weak.lock();
            if (link && link->events_.pushed) link->events_.pushed(std::move(message));
        });
    };
    return redisAsyncCommandArgv(context_, pushed, nullptr, static_cast<int>(values.size()), values.data(), sizes.data()) == REDIS_OK;
}

bool Link::unsubscribe(std::vector<std::string> const& channels)
{
    if (!context_ || channels.empty()) return context_ != nullptr;
    std::vector<char const*> values{"UNSUBSCRIBE"};
    std::vector<std::size_t> sizes{11};
    for (auto const& channel : channels) {
        values.push_back(channel.data());
        sizes.push_back(channel.size());
    }
    return redisAsyncCommandArgv(context_, nullptr, nullptr, static_cast<int>(values.size()), values.data(), sizes.data()) == REDIS_OK;
}

}  // namespace cho40::redis
