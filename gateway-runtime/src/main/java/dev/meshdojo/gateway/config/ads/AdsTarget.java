package dev.meshdojo.gateway.config.ads;

import dev.meshdojo.gateway.config.Acknowledgement;
import dev.meshdojo.gateway.config.XdsSnapshot;

/** The proxy that runs what ADS delivers. Called on one thread at a time; may block. */
public interface AdsTarget {

    /**
     * Puts a configuration in force.
     *
     * @param complete whether nothing of the first configuration is outstanding any more
     */
    Acknowledgement apply(XdsSnapshot snapshot, boolean complete);

    /** What would be refused of these clusters and listeners; nothing is put in force. */
    Acknowledgement check(XdsSnapshot snapshot);
}
