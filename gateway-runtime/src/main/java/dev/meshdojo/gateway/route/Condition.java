package dev.meshdojo.gateway.route;

import dev.meshdojo.gateway.route.match.HeaderMatch;
import dev.meshdojo.gateway.route.match.PathMatch;
import dev.meshdojo.gateway.route.match.StringMatch;
import dev.meshdojo.gateway.route.match.ValueMatch;
import dev.meshdojo.gateway.stream.TlsInfo;
import org.jspecify.annotations.Nullable;

/** One of the conditions that a route's match is made of; all must hold. */
sealed interface Condition {

    boolean holds(MatchInput input);

    /** The condition in words. */
    String describe();

    /** What the request has for it, in words. */
    String observed(MatchInput input);

    record OfPath(PathMatch match) implements Condition {
        @Override
        public boolean holds(MatchInput input) {
            if (match instanceof PathMatch.Connect) {
                return input.request().method().equals("CONNECT");
            }
            return !input.request().path().isEmpty() && match.matches(input.path());
        }

        @Override
        public String describe() {
            return match.describe();
        }

        @Override
        public String observed(MatchInput input) {
            return match instanceof PathMatch.Connect
                    ? input.request().method()
                    : "\"" + input.path() + "\"";
        }
    }

    record OfHeader(HeaderMatch match) implements Condition {
        @Override
        public boolean holds(MatchInput input) {
            return match.matches(input.request());
        }

        @Override
        public String describe() {
            return match.describe();
        }

        @Override
        public String observed(MatchInput input) {
            return match.observed(input.request());
        }
    }

    /**
     * A query parameter.
     *
     * @param match null: presence alone counts
     * @param present whether it shall be there, when {@code match} is null
     */
    record OfQuery(String name, @Nullable StringMatch match, boolean present) implements Condition {
        @Override
        public boolean holds(MatchInput input) {
            String value = input.query().get(name);
            if (match == null) {
                return (value != null) == present;
            }
            return value != null && match.matches(value);
        }

        @Override
        public String describe() {
            String wanted = match == null ? present ? "present" : "absent" : match.describe();
            return "query parameter " + name + " " + wanted;
        }

        @Override
        public String observed(MatchInput input) {
            String value = input.query().get(name);
            return value == null ? "absent" : "\"" + value + "\"";
        }
    }

    record OfGrpc() implements Condition {
        @Override
        public boolean holds(MatchInput input) {
            return input.request().grpc();
        }

        @Override
        public String describe() {
            return "a gRPC request";
        }

        @Override
        public String observed(MatchInput input) {
            String type = input.request().headers().get("content-type");
            return type == null ? "no content-type" : "content-type \"" + type + "\"";
        }
    }

    /**
     * The client's certificate.
     *
     * @param presented null: either way
     * @param validated null: either way
     */
    record OfTls(@Nullable Boolean presented, @Nullable Boolean validated) implements Condition {
        @Override
        public boolean holds(MatchInput input) {
            TlsInfo tls = input.info().tls();
            if (tls == null) {
                return presented == null && validated == null;
            }
            boolean has = tls.peerCertificate() != null;
            return (presented == null || presented == has)
                    && (validated == null || validated == (has && tls.peerValidated()));
        }

        @Override
        public String describe() {
            return "client certificate presented=" + presented + " validated=" + validated;
        }

        @Override
        public String observed(MatchInput input) {
            TlsInfo tls = input.info().tls();
            return tls == null
                    ? "plain text"
                    : "presented="
                            + (tls.peerCertificate() != null)
                            + " validated="
                            + tls.peerValidated();
        }
    }

    record OfMetadata(ValueMatch.OfMetadata match) implements Condition {
        @Override
        public boolean holds(MatchInput input) {
            return match.matches(input.info().dynamicMetadata());
        }

        @Override
        public String describe() {
            return "metadata "
                    + match.filter()
                    + " "
                    + String.join(".", match.path())
                    + (match.invert() ? " inverted" : "");
        }

        @Override
        public String observed(MatchInput input) {
            Object value = input.info().dynamicMetadata().find(match.filter(), match.path());
            return value == null ? "absent" : value.toString();
        }
    }

    record OfFraction(Fraction fraction) implements Condition {
        @Override
        public boolean holds(MatchInput input) {
            return fraction.includes(input.random());
        }

        @Override
        public String describe() {
            return fraction.numerator() + " of " + fraction.denominator() + " requests";
        }

        @Override
        public String observed(MatchInput input) {
            return "drawn " + Long.remainderUnsigned(input.random(), fraction.denominator());
        }
    }
}
