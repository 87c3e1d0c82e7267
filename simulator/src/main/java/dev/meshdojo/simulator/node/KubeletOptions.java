package dev.meshdojo.simulator.node;

import java.time.Clock;

/**
 * How a node behaves.
 *
 * @param nodeName the node whose pods are run
 * @param clock what objects are stamped with
 * @param pace how fast things go
 * @param events whether the kubelet writes Events
 * @param strictImages whether an image that the catalogue does not know fails with {@code
 *     ErrImagePull}; otherwise it runs as a generic responder
 * @param tokens gives service accounts' tokens
 * @param calls hears of the requests that programs send
 */
public record KubeletOptions(
        String nodeName,
        Clock clock,
        Pace pace,
        boolean events,
        boolean strictImages,
        TokenSource tokens,
        CallListener calls) {

    /** {@code lab-node}, system clock, instant, with events, lenient with images. */
    public static KubeletOptions defaults() {
        return new KubeletOptions(
                "lab-node",
                Clock.systemUTC(),
                Pace.INSTANT,
                true,
                false,
                TokenSource.NONE,
                CallListener.NONE);
    }

    /** The same at another pace. */
    public KubeletOptions withPace(Pace other) {
        return new KubeletOptions(nodeName, clock, other, events, strictImages, tokens, calls);
    }

    /** The same with or without events. */
    public KubeletOptions withEvents(boolean written) {
        return new KubeletOptions(nodeName, clock, pace, written, strictImages, tokens, calls);
    }

    /** The same, strict with unknown images or not. */
    public KubeletOptions withStrictImages(boolean strict) {
        return new KubeletOptions(nodeName, clock, pace, events, strict, tokens, calls);
    }

    /** The same with another source of tokens. */
    public KubeletOptions withTokens(TokenSource source) {
        return new KubeletOptions(nodeName, clock, pace, events, strictImages, source, calls);
    }

    /** The same with another listener. */
    public KubeletOptions withCalls(CallListener listener) {
        return new KubeletOptions(nodeName, clock, pace, events, strictImages, tokens, listener);
    }
}
