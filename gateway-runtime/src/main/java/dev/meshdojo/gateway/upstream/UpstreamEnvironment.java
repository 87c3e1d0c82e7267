package dev.meshdojo.gateway.upstream;

import dev.meshdojo.gateway.loop.EventLoops;
import dev.meshdojo.gateway.telemetry.Stats;
import java.net.InetSocketAddress;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What clusters need of their surroundings. Everything in it is thread-safe.
 *
 * @param loops where connections live
 * @param connectAddress an endpoint's real address
 * @param sourceAddress the real address to connect from, or null for any
 * @param localName what to call our end of a connection, by its real address
 * @param resolver looks names up; may block
 * @param ticker nanoseconds
 * @param random picks endpoints
 * @param stats where clusters count
 */
public record UpstreamEnvironment(
        EventLoops loops,
        UnaryOperator<InetSocketAddress> connectAddress,
        Supplier<@Nullable InetSocketAddress> sourceAddress,
        UnaryOperator<InetSocketAddress> localName,
        HostResolver resolver,
        LongSupplier ticker,
        RandomGenerator random,
        Stats stats) {}
