/** What adapters of pictures, films and sound share: telling types, fetching what an answer points to, asking several times. */
@NullMarked
package io.synapse.gateway.providers.internal.media;

import org.jspecify.annotations.NullMarked;
