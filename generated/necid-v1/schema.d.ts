// Written by `npm run generate` from spec/necid-v1.yaml. Do not edit.

export interface paths {
    "/subjects": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
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
    "/subjects/{id}": {
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
                     * @description The subject's id. One that the gallery does not hold answers 404.
                     * @example necidguid-fcdf-49eb-9182-5a6825ed2a3b
                     */
                    id: string;
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
         * @description Finds up to 20 faces and answers the attributes of each. Nothing is registered.
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
         * Verify a face against one subject
         * @description Answers the score when the probe shows the subject.
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
        /** @description A registered face. */
        Subject: {
            /** @description The id that the service gave to the subject. */
            id: string;
            attributes: components["schemas"]["Attributes"];
        };
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
        /** @description The face to register. */
        RegisterRequest: {
            face: components["schemas"]["Image"];
        };
        /** @description The face that takes the place of the registered one. */
        UpdateRequest: {
            face: components["schemas"]["Image"];
        };
        /** @description The picture to look for faces in. It may show several people. */
        ExtractRequest: {
            faces: components["schemas"]["Image"];
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
        };
        /** @description The face to hold against one subject. */
        VerifyRequest: {
            probe: components["schemas"]["Image"];
            /** @description The subject's id. One that the gallery does not hold answers 404. */
            id: string;
        };
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
        /** @description Why the service refused a request with one face. */
        FaceError: components["schemas"]["InvalidRequestError"] | components["schemas"]["NoFaceError"] | components["schemas"]["PoorQualityError"];
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
                 * @description The subject's id. One that the gallery does not hold answers 404.
                 * @example necidguid-fcdf-49eb-9182-5a6825ed2a3b
                 */
                id: string;
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
                 * @description The subject's id. One that the gallery does not hold answers 404.
                 * @example necidguid-fcdf-49eb-9182-5a6825ed2a3b
                 */
                id: string;
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
                    "application/json": components["schemas"]["Candidate"];
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
            /** @description The probe shows another person, or the gallery holds no subject of this id. */
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
