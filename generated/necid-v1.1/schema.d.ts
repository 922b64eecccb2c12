// Written by `npm run generate` from spec/necid-v1.1.yaml. Do not edit.

export interface paths {
    "/subjects": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the gallery
         * @description Lists the events of all subjects, deleted ones included.
         */
        get: operations["ApiSubjectsGet"];
        put?: never;
        /**
         * Register a face
         * @description Adds the face to the gallery as a new subject.
         */
        post: operations["ApiSubjectsPost"];
        delete?: never;
        /**
         * Ask what a browser may send
         * @description CORS preflight. Unsigned, and answered by the gateway itself.
         */
        options: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What is allowed. */
                200: {
                    headers: {
                        "Access-Control-Allow-Origin": components["headers"]["AllowOrigin"];
                        "Access-Control-Allow-Headers": components["headers"]["AllowHeaders"];
                        /**
                         * @description The methods of this path.
                         * @example GET,OPTIONS,POST
                         */
                        "Access-Control-Allow-Methods": string;
                        "x-amzn-RequestId": components["headers"]["RequestId"];
                        "x-amz-apigw-id": components["headers"]["ApigwId"];
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                413: components["responses"]["ContentTooLarge"];
                429: components["responses"]["TooManyRequests"];
            };
        };
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/subjects/{subjectId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Replace a registered face
         * @description Puts another face in the place of the subject's registered one.
         */
        put: operations["ApiSubjectsByIdPut"];
        post?: never;
        /**
         * Unregister a face
         * @description Takes the subject out of the gallery. A second time it is not found.
         */
        delete: operations["ApiSubjectsByIdDelete"];
        /**
         * Ask what a browser may send
         * @description CORS preflight. Unsigned, and answered by the gateway itself.
         */
        options: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /**
                     * @description The subject's id. One that the gallery does not hold gets 404.
                     * @example necidguid-fcdf-49eb-9182-5a6825ed2a3b
                     */
                    subjectId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What is allowed. */
                200: {
                    headers: {
                        "Access-Control-Allow-Origin": components["headers"]["AllowOrigin"];
                        "Access-Control-Allow-Headers": components["headers"]["AllowHeaders"];
                        /**
                         * @description The methods of this path.
                         * @example DELETE,OPTIONS,PUT
                         */
                        "Access-Control-Allow-Methods": string;
                        "x-amzn-RequestId": components["headers"]["RequestId"];
                        "x-amz-apigw-id": components["headers"]["ApigwId"];
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                413: components["responses"]["ContentTooLarge"];
                429: components["responses"]["TooManyRequests"];
            };
        };
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/subjects/{subjectId}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the events of a subject
         * @description Lists the registered faces of one subject.
         */
        get: operations["ApiSubjectsByIdEventsGet"];
        put?: never;
        /**
         * Register another face of a subject
         * @description Adds a face to a subject as a new event.
         */
        post: operations["ApiSubjectsByIdEventsPost"];
        delete?: never;
        /**
         * Ask what a browser may send
         * @description CORS preflight. Unsigned, and answered by the gateway itself.
         */
        options: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /**
                     * @description The subject's id. One that the gallery does not hold gets 404.
                     * @example necidguid-fcdf-49eb-9182-5a6825ed2a3b
                     */
                    subjectId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What is allowed. */
                200: {
                    headers: {
                        "Access-Control-Allow-Origin": components["headers"]["AllowOrigin"];
                        "Access-Control-Allow-Headers": components["headers"]["AllowHeaders"];
                        /**
                         * @description The methods of this path.
                         * @example GET,OPTIONS,POST
                         */
                        "Access-Control-Allow-Methods": string;
                        "x-amzn-RequestId": components["headers"]["RequestId"];
                        "x-amz-apigw-id": components["headers"]["ApigwId"];
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                413: components["responses"]["ContentTooLarge"];
                429: components["responses"]["TooManyRequests"];
            };
        };
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/subjects/{subjectId}/events/{eventId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Replace the face of an event
         * @description Puts another face in the place of the event's one.
         */
        put: operations["ApiSubjectsByIdEventByIdPut"];
        post?: never;
        /**
         * Unregister an event
         * @description Takes one face from a subject. A second time it is not found.
         */
        delete: operations["ApiSubjectsByIdEventByIdDelete"];
        /**
         * Ask what a browser may send
         * @description CORS preflight. Unsigned, and answered by the gateway itself.
         */
        options: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /**
                     * @description The subject's id. One that the gallery does not hold gets 404.
                     * @example necidguid-fcdf-49eb-9182-5a6825ed2a3b
                     */
                    subjectId: string;
                    /**
                     * @description The event's id. One that the subject does not have gets 404.
                     * @example eventguid-fcdf-49eb-9182-5a6825ed2a3b
                     */
                    eventId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What is allowed. */
                200: {
                    headers: {
                        "Access-Control-Allow-Origin": components["headers"]["AllowOrigin"];
                        "Access-Control-Allow-Headers": components["headers"]["AllowHeaders"];
                        /**
                         * @description The methods of this path.
                         * @example DELETE,OPTIONS,PUT
                         */
                        "Access-Control-Allow-Methods": string;
                        "x-amzn-RequestId": components["headers"]["RequestId"];
                        "x-amz-apigw-id": components["headers"]["ApigwId"];
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                413: components["responses"]["ContentTooLarge"];
                429: components["responses"]["TooManyRequests"];
            };
        };
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tags": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the tags
         * @description Lists the names of the gallery's tags.
         */
        get: operations["Get"];
        put?: never;
        post?: never;
        delete?: never;
        /**
         * Ask what a browser may send
         * @description CORS preflight. Unsigned, and answered by the gateway itself.
         */
        options: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What is allowed. */
                200: {
                    headers: {
                        "Access-Control-Allow-Origin": components["headers"]["AllowOrigin"];
                        "Access-Control-Allow-Headers": components["headers"]["AllowHeaders"];
                        /**
                         * @description The methods of this path.
                         * @example GET,OPTIONS
                         */
                        "Access-Control-Allow-Methods": string;
                        "x-amzn-RequestId": components["headers"]["RequestId"];
                        "x-amz-apigw-id": components["headers"]["ApigwId"];
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                413: components["responses"]["ContentTooLarge"];
                429: components["responses"]["TooManyRequests"];
            };
        };
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tags/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Rename a tag
         * @description Gives a tag another name. Events keep it.
         */
        put: operations["UpdateTag"];
        /**
         * Create a tag
         * @description Adds a tag to the gallery, which has at most 64.
         */
        post: operations["CreateTag"];
        /**
         * Delete a tag
         * @description Takes a tag out of the gallery and off its events.
         */
        delete: operations["DeleteTag"];
        /**
         * Ask what a browser may send
         * @description CORS preflight. Unsigned, and answered by the gateway itself.
         */
        options: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /**
                     * @description The name of the tag.
                     * @example visitor
                     */
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What is allowed. */
                200: {
                    headers: {
                        "Access-Control-Allow-Origin": components["headers"]["AllowOrigin"];
                        "Access-Control-Allow-Headers": components["headers"]["AllowHeaders"];
                        /**
                         * @description The methods of this path.
                         * @example DELETE,OPTIONS,POST,PUT
                         */
                        "Access-Control-Allow-Methods": string;
                        "x-amzn-RequestId": components["headers"]["RequestId"];
                        "x-amz-apigw-id": components["headers"]["ApigwId"];
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                413: components["responses"]["ContentTooLarge"];
                429: components["responses"]["TooManyRequests"];
            };
        };
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/jobs/bulkregister": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Register many faces
         * @description Registers the faces of many files, one after the other, while other calls go on.
         */
        post: operations["BulkRegister"];
        delete?: never;
        /**
         * Ask what a browser may send
         * @description CORS preflight. Unsigned, and answered by the gateway itself.
         */
        options: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What is allowed. */
                200: {
                    headers: {
                        "Access-Control-Allow-Origin": components["headers"]["AllowOrigin"];
                        "Access-Control-Allow-Headers": components["headers"]["AllowHeaders"];
                        /**
                         * @description The methods of this path.
                         * @example OPTIONS,POST
                         */
                        "Access-Control-Allow-Methods": string;
                        "x-amzn-RequestId": components["headers"]["RequestId"];
                        "x-amz-apigw-id": components["headers"]["ApigwId"];
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                413: components["responses"]["ContentTooLarge"];
                429: components["responses"]["TooManyRequests"];
            };
        };
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/jobs/bulkregister/{batchId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow a bulk registration
         * @description Lists the first 1000 records of a bulk registration.
         */
        get: operations["GetBulkRegisterProgress"];
        put?: never;
        post?: never;
        delete?: never;
        /**
         * Ask what a browser may send
         * @description CORS preflight. Unsigned, and answered by the gateway itself.
         */
        options: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /**
                     * @description The id of a bulk registration. One that the gallery does not have gets 404.
                     * @example batchguid-eec5-440a-89fc-60817f5546c8
                     */
                    batchId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What is allowed. */
                200: {
                    headers: {
                        "Access-Control-Allow-Origin": components["headers"]["AllowOrigin"];
                        "Access-Control-Allow-Headers": components["headers"]["AllowHeaders"];
                        /**
                         * @description The methods of this path.
                         * @example GET,OPTIONS
                         */
                        "Access-Control-Allow-Methods": string;
                        "x-amzn-RequestId": components["headers"]["RequestId"];
                        "x-amz-apigw-id": components["headers"]["ApigwId"];
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                413: components["responses"]["ContentTooLarge"];
                429: components["responses"]["TooManyRequests"];
            };
        };
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/jobs/bulkregister/{batchId}/{pagingId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow a bulk registration, page by page
         * @description Lists the records after those of another page.
         */
        get: operations["GetBulkRegisterProgressPaged"];
        put?: never;
        post?: never;
        delete?: never;
        /**
         * Ask what a browser may send
         * @description CORS preflight. Unsigned, and answered by the gateway itself.
         */
        options: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /**
                     * @description The id of a bulk registration. One that the gallery does not have gets 404.
                     * @example batchguid-eec5-440a-89fc-60817f5546c8
                     */
                    batchId: string;
                    /**
                     * @description The lastEvaluatedKey of the page before.
                     * @example 1000
                     */
                    pagingId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What is allowed. */
                200: {
                    headers: {
                        "Access-Control-Allow-Origin": components["headers"]["AllowOrigin"];
                        "Access-Control-Allow-Headers": components["headers"]["AllowHeaders"];
                        /**
                         * @description The methods of this path.
                         * @example GET,OPTIONS
                         */
                        "Access-Control-Allow-Methods": string;
                        "x-amzn-RequestId": components["headers"]["RequestId"];
                        "x-amz-apigw-id": components["headers"]["ApigwId"];
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                413: components["responses"]["ContentTooLarge"];
                429: components["responses"]["TooManyRequests"];
            };
        };
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/face/extract": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Measure the faces in a picture
         * @description Finds faces, by default up to 10, and answers the attributes of each. Nothing is registered.
         */
        post: operations["ApiFaceExtractPost"];
        delete?: never;
        /**
         * Ask what a browser may send
         * @description CORS preflight. Unsigned, and answered by the gateway itself.
         */
        options: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What is allowed. */
                200: {
                    headers: {
                        "Access-Control-Allow-Origin": components["headers"]["AllowOrigin"];
                        "Access-Control-Allow-Headers": components["headers"]["AllowHeaders"];
                        /**
                         * @description The methods of this path.
                         * @example OPTIONS,POST
                         */
                        "Access-Control-Allow-Methods": string;
                        "x-amzn-RequestId": components["headers"]["RequestId"];
                        "x-amz-apigw-id": components["headers"]["ApigwId"];
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                413: components["responses"]["ContentTooLarge"];
                429: components["responses"]["TooManyRequests"];
            };
        };
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/face/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Search the gallery for a face
         * @description Answers the subjects that resemble the probe, best first.
         */
        post: operations["ApiFaceSearchPost"];
        delete?: never;
        /**
         * Ask what a browser may send
         * @description CORS preflight. Unsigned, and answered by the gateway itself.
         */
        options: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What is allowed. */
                200: {
                    headers: {
                        "Access-Control-Allow-Origin": components["headers"]["AllowOrigin"];
                        "Access-Control-Allow-Headers": components["headers"]["AllowHeaders"];
                        /**
                         * @description The methods of this path.
                         * @example OPTIONS,POST
                         */
                        "Access-Control-Allow-Methods": string;
                        "x-amzn-RequestId": components["headers"]["RequestId"];
                        "x-amz-apigw-id": components["headers"]["ApigwId"];
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                413: components["responses"]["ContentTooLarge"];
                429: components["responses"]["TooManyRequests"];
            };
        };
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/face/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Verify a face against one subject, or against another face
         * @description Responds with the score when both show the same person. Only the comparison with a subject needs an API key; without one it gets 403.
         */
        post: operations["ApiFaceVerifyPost"];
        delete?: never;
        /**
         * Ask what a browser may send
         * @description CORS preflight. Unsigned, and answered by the gateway itself.
         */
        options: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What is allowed. */
                200: {
                    headers: {
                        "Access-Control-Allow-Origin": components["headers"]["AllowOrigin"];
                        "Access-Control-Allow-Headers": components["headers"]["AllowHeaders"];
                        /**
                         * @description The methods of this path.
                         * @example OPTIONS,POST
                         */
                        "Access-Control-Allow-Methods": string;
                        "x-amzn-RequestId": components["headers"]["RequestId"];
                        "x-amz-apigw-id": components["headers"]["ApigwId"];
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                413: components["responses"]["ContentTooLarge"];
                429: components["responses"]["TooManyRequests"];
            };
        };
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Ask whether the service is up
         * @description Unsigned, and bound to no application.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The service is up. */
                200: {
                    headers: {
                        "x-amzn-RequestId": components["headers"]["RequestId"];
                        "x-amz-apigw-id": components["headers"]["ApigwId"];
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Health"];
                    };
                };
                413: components["responses"]["ContentTooLarge"];
                429: components["responses"]["TooManyRequests"];
                500: components["responses"]["ServiceError"];
                502: components["responses"]["BadGateway"];
                504: components["responses"]["GatewayTimeout"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        /**
         * Ask what a browser may send
         * @description CORS preflight. Unsigned, and answered by the gateway itself.
         */
        options: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What is allowed. */
                200: {
                    headers: {
                        "Access-Control-Allow-Origin": components["headers"]["AllowOrigin"];
                        "Access-Control-Allow-Headers": components["headers"]["AllowHeaders"];
                        /**
                         * @description The methods of this path.
                         * @example GET,OPTIONS
                         */
                        "Access-Control-Allow-Methods": string;
                        "x-amzn-RequestId": components["headers"]["RequestId"];
                        "x-amz-apigw-id": components["headers"]["ApigwId"];
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                413: components["responses"]["ContentTooLarge"];
                429: components["responses"]["TooManyRequests"];
            };
        };
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description A registered subject and how much it resembles the probe. */
        Candidate: {
            /** @description The id that the service gave to the subject. */
            id: string;
            /**
             * Format: int32
             * @description Resemblance, the higher the closer.
             */
            score: number;
            /** @description Best first, each at or above the threshold. */
            events: components["schemas"]["ScoredEvent"][];
        };
        /** @description One registered face of a subject. */
        Event: {
            /** @description The id that the service gave to the event. */
            id: string;
            /**
             * Format: int32
             * @description Resemblance, the higher the closer.
             */
            score?: number;
        };
        /** @description The events of one subject. */
        Events: {
            events: components["schemas"]["Event"][];
            /** @description The id that the service gave to the subject. */
            id: string;
        };
        /** @description What was measured in one face. Every number is text. */
        Attributes: {
            /** @description A rectangle in the picture, in pixels. */
            faceArea: {
                /** @description Pixels, an integer in text. */
                left: string;
                /** @description Pixels, an integer in text. */
                top: string;
                /** @description Pixels, an integer in text. */
                right: string;
                /** @description Pixels, an integer in text. */
                bottom: string;
            };
            /** @description A rectangle in the picture, in pixels. */
            headArea: {
                /** @description Pixels, an integer in text. */
                left: string;
                /** @description Pixels, an integer in text. */
                top: string;
                /** @description Pixels, an integer in text. */
                right: string;
                /** @description Pixels, an integer in text. */
                bottom: string;
            };
            /** @description A point in the picture, in pixels. */
            rightEyeCenter: {
                /** @description Pixels, an integer in text. */
                x: string;
                /** @description Pixels, an integer in text. */
                y: string;
            };
            /** @description A point in the picture, in pixels. */
            leftEyeCenter: {
                /** @description Pixels, an integer in text. */
                x: string;
                /** @description Pixels, an integer in text. */
                y: string;
            };
            /** @description How frontal the view is, from 0 to 1, a decimal in text. */
            frontalFaceScore: string;
            /** @description Degrees, a decimal in text. */
            faceRoll: string;
            /** @description Degrees, a decimal in text. */
            facePan: string;
            /** @description Degrees, a decimal in text. */
            faceTilt: string;
            /** @description How much the area looks like a face, from 0 to 1, a decimal in text. */
            faceScore: string;
            /** @description The estimated overall quality of the face, from 0 to 1, a decimal in text. */
            faceQualityScore: string;
        };
        /** @description The subjects that resemble the probe, and what was measured in the probe itself. */
        SearchResult: {
            /** @description Best first, each at or above the threshold, no more than the limit. */
            candidates: components["schemas"]["Candidate"][];
            attributes: components["schemas"]["Attributes"];
        };
        /** @description The faces that were found in one picture. */
        ExtractResult: {
            faces: components["schemas"]["ExtractedFace"][];
        };
        /** @description A subject and the event that the call registered or replaced. */
        Subject: {
            /** @description The id that the service gave to the subject. */
            id: string;
            attributes: components["schemas"]["Attributes"];
            /** @description The id that the service gave to the event. */
            eventId: string;
        };
        /** @description One page of the gallery's events. */
        SubjectList: {
            subjects: components["schemas"]["ListedSubject"][];
            /**
             * Format: int32
             * @description How many rows the gallery has in all.
             */
            total: number;
        };
        Tag: {
            /** Format: int32 */
            id?: number;
            name?: string;
        };
        /** @description A bulk registration that was accepted. */
        Job: {
            /** @description The id that the service gave to the bulk registration. */
            batchId: string;
        };
        /** @description One page of the records of a bulk registration. */
        JobSummary: {
            /** @description The id that the service gave to the bulk registration. */
            batchId: string;
            /** @description The records, in the order of the request. */
            processed: components["schemas"]["JobStatus"][];
            /** @description The pagingId of the next page; absent on the last one. */
            lastEvaluatedKey?: string;
        };
        /** @description One record of a bulk registration. */
        JobStatus: {
            id: string;
            filename: string;
            /** @description How often the service tried, an integer in text. */
            attempts: string;
            /** @description The id that the service gave to the event. */
            eventId?: string;
            /** @description The subject that the record registered. */
            subjectId?: string;
            /**
             * @description Whether the face was registered. Absent while the record is new.
             * @enum {string}
             */
            registerStatus?: "Success" | "Failed";
            /** @description Why the face was not registered. */
            reason?: string;
            /**
             * @description Whether the service has processed the record.
             * @enum {string}
             */
            status: "New" | "Processed";
            /** @description The attributes of the registered face, as JSON text. */
            attributesJson?: string;
        };
        /** @description One event of a subject, deleted ones included. */
        ListedSubject: {
            /** @description The subject's id. It repeats once for each event. */
            id: string;
            /** @description The event's id. */
            eventId?: string;
            attributes?: components["schemas"]["Attributes"];
            /**
             * @description `A` is active, `D` is deleted.
             * @enum {string}
             */
            status: "A" | "D";
            /**
             * Format: date-time
             * @description When the event was last changed, with an offset from UTC.
             */
            lastUpdated: string;
        };
        /** @description One registered face of a candidate and how much it resembles the probe. */
        ScoredEvent: {
            /** @description The id that the service gave to the event. */
            id: string;
            /**
             * Format: int32
             * @description Resemblance, the higher the closer.
             */
            score: number;
        };
        /** @description The score of the probe. The subject's id is there when the request named one. */
        VerifyResult: {
            /** @description The subject's id. */
            id?: string;
            /**
             * Format: int32
             * @description Resemblance, the higher the closer.
             */
            score: number;
        };
        /** @description The names of the gallery's tags. */
        TagNames: string[];
        /** @description One of the faces in a picture. */
        ExtractedFace: {
            attributes: components["schemas"]["Attributes"];
        };
        /** @description The service is up. */
        Health: {
            /** @constant */
            status: "OK";
        };
        /** @description A picture as Base64 text. */
        Image: string;
        /** @description The face to register, and what it is tagged with. */
        RegisterRequest: {
            face: components["schemas"]["Image"];
            tags?: components["schemas"]["Tags"];
        };
        /** @description The face that takes the place of the registered one. */
        UpdateRequest: {
            face: components["schemas"]["Image"];
            tags?: components["schemas"]["Tags"];
        };
        /** @description The picture to look for faces in. It may show several people. */
        ExtractRequest: {
            faces: components["schemas"]["Image"];
            /**
             * @description The most faces in the response.
             * @default 10
             */
            limit?: number;
        };
        /** @description The face to look for, and how wide to look. */
        SearchRequest: {
            probe: components["schemas"]["Image"];
            /**
             * @description The lowest score that makes a candidate.
             * @default 7000
             */
            threshold?: number;
            /**
             * @description The most candidates to answer.
             * @default 10
             */
            limit?: number;
            /** @description Only events with one of these tags are searched. */
            tags?: components["schemas"]["Tags"];
        };
        /** @description The face to compare with one subject, or with another face. */
        VerifyRequest: {
            probe: components["schemas"]["Image"];
            /** @description The subject's id. One that the gallery does not hold gets 404. */
            id?: string;
            face?: components["schemas"]["Image"];
        } & (unknown | unknown);
        /** @description The new name of a tag. */
        RenameTagRequest: {
            newName: string;
        };
        /** @description The files to register. */
        BulkRegisterRequest: {
            registrations: components["schemas"]["Registration"][];
        };
        /** @description One file to register, and what its face is tagged with. */
        Registration: {
            filename: string;
            tags?: components["schemas"]["Tags"];
        };
        /** @description Names of tags. Each must exist before it is used. */
        Tags: string[];
        /** @description What the service could not do. */
        Error: {
            message: string;
            errorCode: number;
            errorType: string;
        };
        /** @description The request is invalid; a property may be missing. */
        InvalidRequestError: {
            message: string;
            /** @constant */
            errorCode: 1001;
            /** @constant */
            errorType: "InvalidRequest";
        };
        /** @description There is no face in the picture. */
        NoFaceError: {
            message: string;
            /** @constant */
            errorCode: 2001;
            /** @constant */
            errorType: "NoFace";
        };
        /** @description The face is there, but its quality is too low to work with. */
        PoorQualityError: {
            message: string;
            /** @constant */
            errorCode: 2002;
            /** @constant */
            errorType: "PoorQuality";
        };
        /** @description There are several faces in a picture that must have one. */
        MultipleFacesError: {
            message: string;
            /** @constant */
            errorCode: 2003;
            /** @constant */
            errorType: "MultipleFaces";
        };
        /** @description There is one already. The message names it. */
        DuplicateError: {
            message: string;
            /** @constant */
            errorCode: 1002;
            /** @constant */
            errorType: "Duplicate";
        };
        /** @description Why the service refused to create or to rename a tag. */
        TagError: components["schemas"]["InvalidRequestError"] | components["schemas"]["DuplicateError"];
        /** @description Why the service refused a request with one face. */
        FaceError: components["schemas"]["InvalidRequestError"] | components["schemas"]["NoFaceError"] | components["schemas"]["PoorQualityError"] | components["schemas"]["MultipleFacesError"];
        /** @description Why the gateway did not pass the request on, or had no answer to pass back. */
        GatewayMessage: {
            message: string;
        };
    };
    responses: {
        /** @description The path, the signature or the API key was refused. */
        Forbidden: {
            headers: {
                "x-amzn-RequestId": components["headers"]["RequestId"];
                "x-amz-apigw-id": components["headers"]["ApigwId"];
                /**
                 * @description What was refused.
                 * @example MissingAuthenticationTokenException
                 */
                "x-amzn-ErrorType": "MissingAuthenticationTokenException" | "IncompleteSignatureException" | "InvalidSignatureException" | "UnrecognizedClientException" | "ForbiddenException";
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["GatewayMessage"];
            };
        };
        /** @description The body has more than 10 485 760 bytes. */
        ContentTooLarge: {
            headers: {
                "x-amzn-RequestId": components["headers"]["RequestId"];
                "x-amz-apigw-id": components["headers"]["ApigwId"];
                [name: string]: unknown;
            };
            content: {
                "text/plain": string;
            };
        };
        /** @description The media type of the body was refused. */
        UnsupportedMediaType: {
            headers: {
                "x-amzn-RequestId": components["headers"]["RequestId"];
                "x-amz-apigw-id": components["headers"]["ApigwId"];
                /**
                 * @description What was refused.
                 * @example BadRequestException
                 */
                "x-amzn-ErrorType": "BadRequestException";
                "X-Amzn-Trace-Id": components["headers"]["TraceId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["GatewayMessage"];
            };
        };
        /** @description The application called too often. */
        TooManyRequests: {
            headers: {
                "x-amzn-RequestId": components["headers"]["RequestId"];
                "x-amz-apigw-id": components["headers"]["ApigwId"];
                /**
                 * @description What ran out.
                 * @example TooManyRequestsException
                 */
                "x-amzn-ErrorType": "TooManyRequestsException" | "LimitExceededException";
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["GatewayMessage"];
            };
        };
        /** @description The gateway could not use what the service answered. */
        BadGateway: {
            headers: {
                "x-amzn-RequestId": components["headers"]["RequestId"];
                "x-amz-apigw-id": components["headers"]["ApigwId"];
                /**
                 * @description What failed.
                 * @example InternalServerErrorException
                 */
                "x-amzn-ErrorType": "InternalServerErrorException";
                "X-Amzn-Trace-Id": components["headers"]["TraceId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["GatewayMessage"];
            };
        };
        /** @description The service took more than 29 seconds. */
        GatewayTimeout: {
            headers: {
                "x-amzn-RequestId": components["headers"]["RequestId"];
                "x-amz-apigw-id": components["headers"]["ApigwId"];
                /**
                 * @description What failed.
                 * @example InternalServerErrorException
                 */
                "x-amzn-ErrorType": "InternalServerErrorException";
                "X-Amzn-Trace-Id": components["headers"]["TraceId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["GatewayMessage"];
            };
        };
        /** @description The service failed. */
        ServiceError: {
            headers: {
                "x-amzn-RequestId": components["headers"]["RequestId"];
                "x-amz-apigw-id": components["headers"]["ApigwId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: {
        /**
         * @description The headers that a browser may send.
         * @example Content-Type,X-Amz-Date,Authorization,X-Api-Key,X-Amz-Security-Token
         */
        AllowHeaders: string;
        /**
         * @description The origins that may call.
         * @example *
         */
        AllowOrigin: string;
        /**
         * @description The gateway's id of the request, a UUID.
         * @example 3f1f9e52-7c0b-4a52-9c1c-6a0d3f5be2a4
         */
        RequestId: string;
        /**
         * @description The gateway's second id of the request, 15 characters of Base64 and `=`.
         * @example KbXq3GmZywMFhTA=
         */
        ApigwId: string;
        /**
         * @description The trace of the request.
         * @example Root=1-5b74f4a3-6f0c2d1e9a8b7c6d5e4f3a2b
         */
        TraceId: string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    ApiSubjectsGet: {
        parameters: {
            query?: {
                /** @description How many rows to leave out at the beginning. */
                start?: number;
                /** @description The most rows in the response. */
                length?: number;
                /** @description The oldest row first, or the newest. */
                dir?: "asc" | "desc";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page of the list. */
            200: {
                headers: {
                    "x-amzn-RequestId": components["headers"]["RequestId"];
                    "x-amz-apigw-id": components["headers"]["ApigwId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubjectList"];
                };
            };
            /** @description The request is invalid. */
            400: {
                headers: {
                    "x-amzn-RequestId": components["headers"]["RequestId"];
                    "x-amz-apigw-id": components["headers"]["ApigwId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvalidRequestError"];
                };
            };
            403: components["responses"]["Forbidden"];
            /** @description There is no row at this place. */
            404: {
                headers: {
                    "x-amzn-RequestId": components["headers"]["RequestId"];
                    "x-amz-apigw-id": components["headers"]["ApigwId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            413: components["responses"]["ContentTooLarge"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServiceError"];
            502: components["responses"]["BadGateway"];
            504: components["responses"]["GatewayTimeout"];
        };
    };
    ApiSubjectsPost: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RegisterRequest"];
            };
        };
        responses: {
            /** @description The face is registered. */
            201: {
                headers: {
                    "x-amzn-RequestId": components["headers"]["RequestId"];
                    "x-amz-apigw-id": components["headers"]["ApigwId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Subject"];
                };
            };
            /** @description The request is invalid, or its face is missing or too poor. */
            400: {
                headers: {
                    "x-amzn-RequestId": components["headers"]["RequestId"];
                    "x-amz-apigw-id": components["headers"]["ApigwId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FaceError"];
                };
            };
            403: components["responses"]["Forbidden"];
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServiceError"];
            502: components["responses"]["BadGateway"];
            504: components["responses"]["GatewayTimeout"];
        };
    };
    ApiSubjectsByIdPut: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The subject's id. One that the gallery does not hold gets 404.
                 * @example necidguid-fcdf-49eb-9182-5a6825ed2a3b
                 */
                subjectId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateRequest"];
            };
        };
        responses: {
            /** @description The face is replaced. */
            200: {
                headers: {
                    "x-amzn-RequestId": components["headers"]["RequestId"];
                    "x-amz-apigw-id": components["headers"]["ApigwId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Subject"];
                };
            };
            /** @description The request is invalid, or its face is missing or too poor. */
            400: {
                headers: {
                    "x-amzn-RequestId": components["headers"]["RequestId"];
                    "x-amz-apigw-id": components["headers"]["ApigwId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FaceError"];
                };
            };
            403: components["responses"]["Forbidden"];
            /** @description The gallery holds no subject of this id. */
            404: {
                headers: {
                    "x-amzn-RequestId": components["headers"]["RequestId"];
                    "x-amz-apigw-id": components["headers"]["ApigwId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServiceError"];
            502: components["responses"]["BadGateway"];
            504: components["responses"]["GatewayTimeout"];
        };
    };
    ApiSubjectsByIdDelete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The subject's id. One that the gallery does not hold gets 404.
                 * @example necidguid-fcdf-49eb-9182-5a6825ed2a3b
                 */
                subjectId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The subject is gone. */
            204: {
                headers: {
                    "x-amzn-RequestId": components["headers"]["RequestId"];
                    "x-amz-apigw-id": components["headers"]["ApigwId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            403: components["responses"]["Forbidden"];
            /** @description The gallery holds no subject of this id. */
            404: {
                headers: {
                    "x-amzn-RequestId": components["headers"]["RequestId"];
                    "x-amz-apigw-id": components["headers"]["ApigwId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            413: components["responses"]["ContentTooLarge"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServiceError"];
            502: components["responses"]["BadGateway"];
            504: components["responses"]["GatewayTimeout"];
        };
    };
    ApiSubjectsByIdEventsGet: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The subject's id. One that the gallery does not hold gets 404.
                 * @example necidguid-fcdf-49eb-9182-5a6825ed2a3b
                 */
                subjectId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The events. */
            200: {
                headers: {
                    "x-amzn-RequestId": components["headers"]["RequestId"];
                    "x-amz-apigw-id": components["headers"]["ApigwId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Events"];
                };
            };
            403: components["responses"]["Forbidden"];
            /** @description The gallery holds no subject of this id. */
            404: {
                headers: {
                    "x-amzn-RequestId": components["headers"]["RequestId"];
                    "x-amz-apigw-id": components["headers"]["ApigwId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            413: components["responses"]["ContentTooLarge"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServiceError"];
            502: components["responses"]["BadGateway"];
            504: components["responses"]["GatewayTimeout"];
        };
    };
    ApiSubjectsByIdEventsPost: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The subject's id. One that the gallery does not hold gets 404.
                 * @example necidguid-fcdf-49eb-9182-5a6825ed2a3b
                 */
                subjectId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RegisterRequest"];
            };
        };
        responses: {
            /** @description The event is registered. */
            201: {
                headers: {
                    "x-amzn-RequestId": components["headers"]["RequestId"];
                    "x-amz-apigw-id": components["headers"]["ApigwId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Subject"];
                };
            };
            /** @description The request is invalid, or its face is missing or too poor. */
            400: {
                headers: {
                    "x-amzn-RequestId": components["headers"]["RequestId"];
                    "x-amz-apigw-id": components["headers"]["ApigwId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FaceError"];
                };
            };
            403: components["responses"]["Forbidden"];
            /** @description The gallery holds no subject of this id. */
            404: {
                headers: {
                    "x-amzn-RequestId": components["headers"]["RequestId"];
                    "x-amz-apigw-id": components["headers"]["ApigwId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServiceError"];
            502: components["responses"]["BadGateway"];
            504: components["responses"]["GatewayTimeout"];
        };
    };
    ApiSubjectsByIdEventByIdPut: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The subject's id. One that the gallery does not hold gets 404.
                 * @example necidguid-fcdf-49eb-9182-5a6825ed2a3b
                 */
                subjectId: string;
                /**
                 * @description The event's id. One that the subject does not have gets 404.
                 * @example eventguid-fcdf-49eb-9182-5a6825ed2a3b
                 */
                eventId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateRequest"];
            };
        };
        responses: {
            /** @description The face is replaced. */
            200: {
                headers: {
                    "x-amzn-RequestId": components["headers"]["RequestId"];
                    "x-amz-apigw-id": components["headers"]["ApigwId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Subject"];
                };
            };
            /** @description The request is invalid, or its face is missing or too poor. */
            400: {
                headers: {
                    "x-amzn-RequestId": components["headers"]["RequestId"];
                    "x-amz-apigw-id": components["headers"]["ApigwId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FaceError"];
                };
            };
            403: components["responses"]["Forbidden"];
            /** @description The gallery holds no such subject, or the subject no such event. */
            404: {
                headers: {
                    "x-amzn-RequestId": components["headers"]["RequestId"];
                    "x-amz-apigw-id": components["headers"]["ApigwId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServiceError"];
            502: components["responses"]["BadGateway"];
            504: components["responses"]["GatewayTimeout"];
        };
    };
    ApiSubjectsByIdEventByIdDelete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The subject's id. One that the gallery does not hold gets 404.
                 * @example necidguid-fcdf-49eb-9182-5a6825ed2a3b
                 */
                subjectId: string;
                /**
                 * @description The event's id. One that the subject does not have gets 404.
                 * @example eventguid-fcdf-49eb-9182-5a6825ed2a3b
                 */
                eventId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The event is gone. */
            204: {
                headers: {
                    "x-amzn-RequestId": components["headers"]["RequestId"];
                    "x-amz-apigw-id": components["headers"]["ApigwId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            403: components["responses"]["Forbidden"];
            /** @description The gallery holds no such subject, or the subject no such event. */
            404: {
                headers: {
                    "x-amzn-RequestId": components["headers"]["RequestId"];
                    "x-amz-apigw-id": components["headers"]["ApigwId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            413: components["responses"]["ContentTooLarge"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServiceError"];
            502: components["responses"]["BadGateway"];
            504: components["responses"]["GatewayTimeout"];
        };
    };
    Get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The names. */
            200: {
                headers: {
                    "x-amzn-RequestId": components["headers"]["RequestId"];
                    "x-amz-apigw-id": components["headers"]["ApigwId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TagNames"];
                };
            };
            403: components["responses"]["Forbidden"];
            413: components["responses"]["ContentTooLarge"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServiceError"];
            502: components["responses"]["BadGateway"];
            504: components["responses"]["GatewayTimeout"];
        };
    };
    UpdateTag: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The name of the tag.
                 * @example visitor
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RenameTagRequest"];
            };
        };
        responses: {
            /** @description The tag has its new name. */
            200: {
                headers: {
                    "x-amzn-RequestId": components["headers"]["RequestId"];
                    "x-amz-apigw-id": components["headers"]["ApigwId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description There is a tag of this name already, or there are 64 tags. */
            400: {
                headers: {
                    "x-amzn-RequestId": components["headers"]["RequestId"];
                    "x-amz-apigw-id": components["headers"]["ApigwId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TagError"];
                };
            };
            403: components["responses"]["Forbidden"];
            /** @description The gallery has no tag of this name. */
            404: {
                headers: {
                    "x-amzn-RequestId": components["headers"]["RequestId"];
                    "x-amz-apigw-id": components["headers"]["ApigwId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServiceError"];
            502: components["responses"]["BadGateway"];
            504: components["responses"]["GatewayTimeout"];
        };
    };
    CreateTag: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The name of the tag.
                 * @example visitor
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The tag is there. */
            200: {
                headers: {
                    "x-amzn-RequestId": components["headers"]["RequestId"];
                    "x-amz-apigw-id": components["headers"]["ApigwId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description There is a tag of this name already, or there are 64 tags. */
            400: {
                headers: {
                    "x-amzn-RequestId": components["headers"]["RequestId"];
                    "x-amz-apigw-id": components["headers"]["ApigwId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TagError"];
                };
            };
            403: components["responses"]["Forbidden"];
            413: components["responses"]["ContentTooLarge"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServiceError"];
            502: components["responses"]["BadGateway"];
            504: components["responses"]["GatewayTimeout"];
        };
    };
    DeleteTag: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The name of the tag.
                 * @example visitor
                 */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The tag is gone. */
            200: {
                headers: {
                    "x-amzn-RequestId": components["headers"]["RequestId"];
                    "x-amz-apigw-id": components["headers"]["ApigwId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            403: components["responses"]["Forbidden"];
            /** @description The gallery has no tag of this name. */
            404: {
                headers: {
                    "x-amzn-RequestId": components["headers"]["RequestId"];
                    "x-amz-apigw-id": components["headers"]["ApigwId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            413: components["responses"]["ContentTooLarge"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServiceError"];
            502: components["responses"]["BadGateway"];
            504: components["responses"]["GatewayTimeout"];
        };
    };
    BulkRegister: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BulkRegisterRequest"];
            };
        };
        responses: {
            /** @description The bulk registration is accepted. */
            200: {
                headers: {
                    "x-amzn-RequestId": components["headers"]["RequestId"];
                    "x-amz-apigw-id": components["headers"]["ApigwId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description The request is invalid. */
            400: {
                headers: {
                    "x-amzn-RequestId": components["headers"]["RequestId"];
                    "x-amz-apigw-id": components["headers"]["ApigwId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvalidRequestError"];
                };
            };
            403: components["responses"]["Forbidden"];
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServiceError"];
            502: components["responses"]["BadGateway"];
            504: components["responses"]["GatewayTimeout"];
        };
    };
    GetBulkRegisterProgress: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id of a bulk registration. One that the gallery does not have gets 404.
                 * @example batchguid-eec5-440a-89fc-60817f5546c8
                 */
                batchId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The first page. */
            200: {
                headers: {
                    "x-amzn-RequestId": components["headers"]["RequestId"];
                    "x-amz-apigw-id": components["headers"]["ApigwId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobSummary"];
                };
            };
            403: components["responses"]["Forbidden"];
            /** @description The gallery has no such bulk registration, or the bulk registration no such page. */
            404: {
                headers: {
                    "x-amzn-RequestId": components["headers"]["RequestId"];
                    "x-amz-apigw-id": components["headers"]["ApigwId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            413: components["responses"]["ContentTooLarge"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServiceError"];
            502: components["responses"]["BadGateway"];
            504: components["responses"]["GatewayTimeout"];
        };
    };
    GetBulkRegisterProgressPaged: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id of a bulk registration. One that the gallery does not have gets 404.
                 * @example batchguid-eec5-440a-89fc-60817f5546c8
                 */
                batchId: string;
                /**
                 * @description The lastEvaluatedKey of the page before.
                 * @example 1000
                 */
                pagingId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A further page. */
            200: {
                headers: {
                    "x-amzn-RequestId": components["headers"]["RequestId"];
                    "x-amz-apigw-id": components["headers"]["ApigwId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobSummary"];
                };
            };
            403: components["responses"]["Forbidden"];
            /** @description The gallery has no such bulk registration, or the bulk registration no such page. */
            404: {
                headers: {
                    "x-amzn-RequestId": components["headers"]["RequestId"];
                    "x-amz-apigw-id": components["headers"]["ApigwId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            413: components["responses"]["ContentTooLarge"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServiceError"];
            502: components["responses"]["BadGateway"];
            504: components["responses"]["GatewayTimeout"];
        };
    };
    ApiFaceExtractPost: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ExtractRequest"];
            };
        };
        responses: {
            /** @description The faces that were found. */
            200: {
                headers: {
                    "x-amzn-RequestId": components["headers"]["RequestId"];
                    "x-amz-apigw-id": components["headers"]["ApigwId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExtractResult"];
                };
            };
            /** @description The request is invalid. */
            400: {
                headers: {
                    "x-amzn-RequestId": components["headers"]["RequestId"];
                    "x-amz-apigw-id": components["headers"]["ApigwId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvalidRequestError"];
                };
            };
            403: components["responses"]["Forbidden"];
            /** @description There is no face in the picture. */
            404: {
                headers: {
                    "x-amzn-RequestId": components["headers"]["RequestId"];
                    "x-amz-apigw-id": components["headers"]["ApigwId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServiceError"];
            502: components["responses"]["BadGateway"];
            504: components["responses"]["GatewayTimeout"];
        };
    };
    ApiFaceSearchPost: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SearchRequest"];
            };
        };
        responses: {
            /** @description The candidates. */
            200: {
                headers: {
                    "x-amzn-RequestId": components["headers"]["RequestId"];
                    "x-amz-apigw-id": components["headers"]["ApigwId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SearchResult"];
                };
            };
            /** @description The request is invalid, or its face is missing or too poor. */
            400: {
                headers: {
                    "x-amzn-RequestId": components["headers"]["RequestId"];
                    "x-amz-apigw-id": components["headers"]["ApigwId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FaceError"];
                };
            };
            403: components["responses"]["Forbidden"];
            /** @description Nobody in the gallery reaches the threshold. */
            404: {
                headers: {
                    "x-amzn-RequestId": components["headers"]["RequestId"];
                    "x-amz-apigw-id": components["headers"]["ApigwId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServiceError"];
            502: components["responses"]["BadGateway"];
            504: components["responses"]["GatewayTimeout"];
        };
    };
    ApiFaceVerifyPost: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["VerifyRequest"];
            };
        };
        responses: {
            /** @description The probe shows the subject. */
            200: {
                headers: {
                    "x-amzn-RequestId": components["headers"]["RequestId"];
                    "x-amz-apigw-id": components["headers"]["ApigwId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VerifyResult"];
                };
            };
            /** @description The request is invalid, or its face is missing or too poor. */
            400: {
                headers: {
                    "x-amzn-RequestId": components["headers"]["RequestId"];
                    "x-amz-apigw-id": components["headers"]["ApigwId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FaceError"];
                };
            };
            403: components["responses"]["Forbidden"];
            /** @description The pictures show two people, or the gallery holds no subject of this id. */
            404: {
                headers: {
                    "x-amzn-RequestId": components["headers"]["RequestId"];
                    "x-amz-apigw-id": components["headers"]["ApigwId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            413: components["responses"]["ContentTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["ServiceError"];
            502: components["responses"]["BadGateway"];
            504: components["responses"]["GatewayTimeout"];
        };
    };
}
